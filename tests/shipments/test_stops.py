"""Stopped parcels: once a reason, every scanner is told, and none passes once the stop is confirmed."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.world import START, World, make_world
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.people.rules import SYSTEM_VIEWER, Role, Viewer
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.actions.stops import Stopped, check_scan, lift_stop, stop_parcel
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.stops import ParcelStop, ScanCheck
from yishi.shipments.queries.stops import held_back, stops_of
from yishi.shipments.rules.stops import first_of

NUMBER = "YT8800000000001"
COURIER = Viewer(kind="KEY", role=Role.COURIER, key_id=1, outlet_codes=frozenset({"DS01"}))
STRANGER = Viewer(kind="KEY", role=Role.COURIER, key_id=2, outlet_codes=frozenset({"JN01"}))


@pytest.fixture
def parcel(world: World) -> int:
    return Shipment.objects.create(waybill_no=NUMBER, carrier="yuantong", outlet_id=world.dongshan_id).pk


def stop(shipment_id, reason="INTERCEPTED", asked="RETURN", **more):
    return stop_parcel(
        shipment_id=shipment_id, reason=reason, asked=asked, case_no="C1", by=SYSTEM_VIEWER, at=START, **more
    )


def scan(kind="SIGN", by=COURIER, number=NUMBER):
    check_scan(waybill_no=number, kind=kind, courier="YT0001", by=by, at=START)


@pytest.mark.parametrize(
    ("reasons", "kind", "said"),
    [
        ([], "SIGN", None),
        (["FREIGHT_UNPAID"], "OUT_FOR_DELIVERY", None),
        (["FREIGHT_UNPAID"], "SIGN", "FREIGHT_UNPAID"),
        (["FREIGHT_UNPAID", "INTERCEPTED"], "HAND_OUT", "INTERCEPTED"),
        (["WANTED_BY_CASE", "FREIGHT_UNPAID"], "OUT_FOR_DELIVERY", "WANTED_BY_CASE"),
    ],
)
def test_which_stop_is_said(reasons, kind, said):
    assert first_of(reasons, kind) == said


def test_the_same_stop_twice_is_one_and_lifted_once(parcel):
    first = stop(parcel)
    assert stop(parcel, asked="HOLD") == first and [card.asked for card in stops_of(parcel)] == ["RETURN"]
    for minutes in (1, 2):
        lift_stop(stop_id=first, by=SYSTEM_VIEWER, at=START + timedelta(minutes=minutes))
    assert ParcelStop.objects.get().lifted_at == START + timedelta(minutes=1)
    assert stop(parcel) != first and len(stops_of(parcel)) == 1


def test_a_scanner_is_refused_told_what_to_do_and_kept_in_mind(parcel):
    scan()
    stop_id = stop(parcel)
    with pytest.raises(Stopped) as refused:
        scan("OUT_FOR_DELIVERY")
    assert refused.value.extra == {"reason": "intercepted", "case_no": "C1"}
    assert "别装车" in refused.value.title and "退" in refused.value.title
    (held,) = held_back([stop_id])
    assert (held.kind, held.courier, held.at) == ("OUT_FOR_DELIVERY", "YT0001", START)
    assert ScanCheck.objects.filter(stop=None).count() == 1


def test_only_what_is_in_sight_is_known_but_a_stop_is_said_to_whoever_holds_it(parcel):
    for number, by in ((NUMBER, STRANGER), ("YT00000000", COURIER)):
        with pytest.raises(NotFound):
            scan(by=by, number=number)
    stop(parcel)
    with pytest.raises(Stopped):
        scan(by=STRANGER)


@pytest.mark.parametrize(
    ("refusal", "act"),
    [
        (Invalid, lambda pk, world: stop(pk, reason="NO_SUCH")),
        (Invalid, lambda pk, world: stop(pk, asked="BURN")),
        (NotFound, lambda pk, world: stop(pk + 1)),
        (Invalid, lambda pk, world: scan("THROW")),
        (NotAllowed, lambda pk, world: scan(by=world.viewer(world.lin))),
        (NotFound, lambda pk, world: lift_stop(stop_id=1, by=SYSTEM_VIEWER, at=START)),
    ],
)
def test_what_is_refused_changes_nothing(parcel, world, refusal, act):
    with pytest.raises(refusal):
        act(parcel, world)
    assert not ParcelStop.objects.exists() and not ScanCheck.objects.exists()


def test_stops_go_with_the_parcel_to_its_right_carrier(parcel):
    other = Shipment.objects.create(waybill_no=NUMBER, carrier="zhongtong").pk
    stop(other), stop(parcel), stop(parcel, reason="WANTED_BY_CASE", asked="")
    correct_carrier(waybill_no=NUMBER, old="yuantong", new="zhongtong", at=START)
    assert sorted(card.reason for card in stops_of(other)) == ["INTERCEPTED", "WANTED_BY_CASE"]
    assert stops_of(parcel) == []


@pytest.mark.django_db(transaction=True)
def test_no_scan_passes_once_the_stop_is_confirmed():
    """While a stop is being written, a scan waits for it; afterwards it is refused."""
    shipment_id = Shipment.objects.create(
        waybill_no=NUMBER, carrier="yuantong", outlet_id=make_world().dongshan_id
    ).pk
    answers: list[str] = []

    def ask():
        try:
            scan()
            answers.append("passed")
        except Stopped:
            answers.append("stopped")
        finally:
            connection.close()

    scanner = threading.Thread(target=ask)
    with transaction.atomic():
        stop(shipment_id)
        scanner.start()
        scanner.join(timeout=0.3)
        assert answers == [], "it waits for the stop to be confirmed"
    scanner.join()
    assert answers == ["stopped"]
