"""Promises kept by rules: added, ended, imported, and given to parcels that nobody else promised."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.shipments.tracking import AT, event, take
from yishi.kit.errors import NotAllowed, NotFound
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.promises import (
    AlreadyEnded,
    add_promise_rule,
    end_promise_rule,
    import_promise_rules,
    promise_accepted,
)
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.promises import PromiseRule
from yishi.shipments.queries.parcels import access_shipment
from yishi.shipments.queries.promises import list_promise_rules
from yishi.shipments.rules.promises import PromiseTerms

pytestmark = pytest.mark.django_db
ACCEPTED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PERSON = {"name": "王女士", "phone": "19900000001", "address": "江苏省南京市江宁区东山街道 1 号"}


def add(by=SYSTEM_VIEWER, **values):
    terms = {"within_hours": 48, "valid_from": date(2026, 1, 1), "source": "公约"} | values
    return add_promise_rule(terms=PromiseTerms(**terms), by=by, at=AT)


def parcel(**stated):
    take(
        {"waybill_no": "YT12345678", "carrier": "yuantong", "consignee": PERSON, **stated},
        expects="shipments",
    )
    take(event(carrier="yuantong", place={"city": "杭州市"}))
    shipment = Shipment.objects.get()
    promise_accepted(shipment_ids=[shipment.pk], at=AT)
    shipment.refresh_from_db()
    return shipment


def test_an_accepted_parcel_gets_what_the_closest_rule_promises():
    add()
    rule_id = add(origin="浙江省", destination="南京市", within_hours=30)
    shipment = parcel()
    assert (shipment.promised_at, shipment.promise_rule_id) == (ACCEPTED + timedelta(hours=30), rule_id)
    assert access_shipment(SYSTEM_VIEWER, "YT12345678").promise_source == "RULE"


def test_a_stated_promise_wins_also_when_it_comes_later():
    add()
    assert parcel().promise_rule_id is not None
    stated = {"promised_at": "2026-11-25T18:00:00+08:00"}
    take({"waybill_no": "YT12345678", "carrier": "yuantong", **stated}, expects="shipments")
    shipment = Shipment.objects.get()
    assert promise_accepted(shipment_ids=[shipment.pk], at=AT) == 0
    assert shipment.promised_at == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert access_shipment(SYSTEM_VIEWER, "YT12345678").promise_source == "STATED"


def test_before_acceptance_and_without_a_rule_nothing_is_promised():
    assert parcel().promised_at is None
    add()
    take(event(waybill_no="YT00000002", carrier="yuantong", kind="created"))
    ordered = Shipment.objects.get(waybill_no="YT00000002")
    assert promise_accepted(shipment_ids=[ordered.pk], at=AT) == 0


def test_a_given_promise_outlives_its_rule():
    rule_id = add()
    promised_at = parcel().promised_at
    end_promise_rule(rule_id=rule_id, by=SYSTEM_VIEWER, at=AT)
    shipment = Shipment.objects.get()
    assert promise_accepted(shipment_ids=[shipment.pk], at=AT) == 0
    assert shipment.promised_at == promised_at


def test_ended_once_and_kept_as_history():
    rule_id = add()
    end_promise_rule(rule_id=rule_id, by=SYSTEM_VIEWER, at=AT)
    with pytest.raises(AlreadyEnded):
        end_promise_rule(rule_id=rule_id, by=SYSTEM_VIEWER, at=AT + timedelta(days=1))
    (line,) = list_promise_rules(viewer=SYSTEM_VIEWER, today=AT.date())
    assert (line.state, line.ended_at, line.ended_by) == ("ENDED", AT, "system")


def test_who_may_not_set_policies_changes_nothing(world):
    agent = world.viewer(world.lin)
    rule_id = add()
    with pytest.raises(NotAllowed):
        add(by=agent)
    with pytest.raises(NotAllowed):
        end_promise_rule(rule_id=rule_id, by=agent, at=AT)
    with pytest.raises(NotFound):
        end_promise_rule(rule_id=rule_id + 1, by=SYSTEM_VIEWER, at=AT)
    assert list(PromiseRule.objects.values_list("pk", "ended_at")) == [(rule_id, None)]


HEAD = "destination,within_hours,valid_from,source"


def test_a_table_is_added_once():
    lines = [HEAD, "江苏省,48,2026-01-01,公约", "浙江省,60,2026-01-01,公约"]
    first = import_promise_rules(lines=lines, by=SYSTEM_VIEWER, at=AT)
    again = import_promise_rules(lines=lines, by=SYSTEM_VIEWER, at=AT)
    assert (first.added, again.added, again.known) == (2, 0, 2)
    assert PromiseRule.objects.count() == 2


def test_a_table_with_a_bad_line_adds_nothing():
    lines = [HEAD, "江苏省,48,2026-01-01,公约", "浙江省,soon,2026-01-01,公约"]
    found = import_promise_rules(lines=lines, by=SYSTEM_VIEWER, at=AT)
    assert (found.added, found.refused) == (0, ((3, "unreadable"),))
    assert not PromiseRule.objects.exists()
