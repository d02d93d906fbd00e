"""Pickup codes: kept sealed, shown to a proven phone and to nobody else."""

from datetime import timedelta

import pytest

from tests.shipments.tracking import AT, event, take
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, ParsedPickupCode, Rejected
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.models.codes import PickupCode
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.queries.pickup import pickup_codes_of
from yishi.shipments.rules.pickup import plain_code

NUMBER = "YT12345678"
GETTER, CONSIGNEE, OTHER = "19900000058", "19900000001", "19900000099"


def code(**values):
    said = {"waybill_no": NUMBER, "code": "6-1-2045", "happened_at": AT, "carrier": "YTO", "phone": GETTER}
    return ParsedPickupCode(**{**said, **values})


def bring(*codes, source="cainiao"):
    card = ensure_source(code=source, plugin="cainiao", at=AT)
    return take_parsed(source=card, parsed=Parsed(pickup_codes=list(codes)), at=AT)


def shown(phone, waybill_no=NUMBER):
    shipment = Shipment.objects.get(waybill_no=waybill_no, merged_into=None)
    return [each.code for each in pickup_codes_of(shipment.pk, phone)]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"waybill_no": "12"}, "bad_waybill_no"),
        ({"happened_at": AT.replace(tzinfo=None)}, "time_without_offset"),
        ({"happened_at": AT + timedelta(days=3)}, "time_out_of_range"),
        ({"code": " \x00"}, "missing_field"),
        ({"code": "1" * 65}, "too_long"),
        ({"address": "路" * 501}, "too_long"),
    ],
)
def test_what_is_no_code_is_refused(values, reason):
    assert plain_code(code(**values), carrier="", at=AT) == reason


def test_a_code_is_made_plain():
    plain = plain_code(code(waybill_no="yt 1234-5678", code=" 6-1-2045\x00"), carrier="zhongtong", at=AT)
    assert (plain.waybill_no, plain.code, plain.carrier) == (NUMBER, "6-1-2045", "yuantong")
    assert plain_code(code(carrier=""), carrier="ZTO", at=AT).carrier == "zhongtong"


@pytest.mark.django_db
def test_the_phone_that_the_place_knows_sees_the_code():
    bring(code(place="NJ-017", address="百家湖路 17 号", place_phone="025-00000117"))
    (waiting,) = pickup_codes_of(Shipment.objects.get().pk, GETTER)
    assert (waiting.code, waiting.place, waiting.address) == ("6-1-2045", "NJ-017", "百家湖路 17 号")
    assert (waiting.place_phone, waiting.happened_at) == ("025-00000117", AT)


@pytest.mark.django_db
def test_the_consignee_sees_it_too_and_nobody_else():
    bring(code(phone=""))
    assert shown(CONSIGNEE) == []
    take(
        {"waybill_no": NUMBER, "carrier": "yuantong", "consignee": {"phone": CONSIGNEE}},
        expects="shipments",
    )
    assert shown(CONSIGNEE) == ["6-1-2045"]
    assert shown(OTHER) == shown("") == shown("0000") == []


@pytest.mark.django_db
def test_a_code_without_any_phone_is_shown_to_nobody():
    bring(code(phone=""))
    assert [shown(phone) for phone in (GETTER, CONSIGNEE, "")] == [[], [], []]


@pytest.mark.django_db
def test_the_same_again_is_a_duplicate_and_another_code_is_not():
    first = bring(code(), code(), code(code="7-2-0001"), code(waybill_no="no"))
    assert (first.accepted, first.duplicate, first.rejected) == (2, 1, (Rejected(3, "bad_waybill_no"),))
    assert (bring(code()).duplicate, bring(code(), source="other").accepted) == (1, 1)
    assert PickupCode.objects.count() == 3


@pytest.mark.django_db
def test_a_code_that_did_its_work_is_not_shown():
    take(event(carrier="yuantong", kind="stored_at_pickup_point", minutes=-60))
    bring(code(happened_at=AT - timedelta(days=1)))
    assert shown(GETTER) == ["6-1-2045"]
    take(event(carrier="yuantong", kind="delivered", minutes=30))
    assert shown(GETTER) == []
    bring(code(code="9-9-0001", happened_at=AT))
    assert shown(GETTER) == ["9-9-0001"]


@pytest.mark.django_db
def test_nothing_of_it_lies_open_in_the_table():
    bring(code(address="百家湖路 17 号"))
    row = (
        PickupCode.objects.extra(select={"all": "shipments_pickup_code::text"})
        .values_list("all", flat=True)
        .get()
    )
    assert "6-1-2045" not in row and GETTER not in row and "百家湖" not in row


@pytest.mark.django_db
def test_codes_follow_the_parcel_to_its_right_carrier():
    bring(code(carrier="zhongtong"), code(carrier="zhongtong", code="7"))
    bring(code(carrier="yuantong"))
    correct_carrier(waybill_no=NUMBER, old="zhongtong", new="yuantong", at=AT)
    assert sorted(shown(GETTER)) == ["6-1-2045", "7"]
