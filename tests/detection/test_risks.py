"""Scores of parcels that are out: made by the inspection of new events, of what was known by then only."""

from datetime import timedelta

import pytest

from tests.detection.test_incidents import NO, PERSON, T, h, scan, work
from tests.detection.test_risk_rules import SCORER
from tests.shipments.tracking import take
from tests.world import CONSUMER_PHONE, World
from yishi.cases.actions.open import open_case
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import replace_preferences
from yishi.detection.actions.publish_model import NoLiveModel, publish_model, withdraw_model
from yishi.detection.actions.risks import reckon_risks
from yishi.detection.actions.weather import Noted, note_weather
from yishi.detection.models.risk import Complaint, Risk, RiskModel, WeatherNote
from yishi.detection.queries.risk_facts import Moment, known_at
from yishi.detection.queries.risks import risks_of_outlet
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.queries.parcels import find_shipment_refs

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


def keep(no: str = NO, **more) -> int:
    take({"waybill_no": no, "carrier": "yuantong", "consignee": PERSON, **more}, expects="shipments", at=T)
    return Shipment.objects.get(waybill_no=no).pk


def complain(no: str, hours: float) -> None:
    (ref,) = find_shipment_refs(no)
    open_case(waybill_no=no, category="DELAY", text="一直没到", shipment=ref, by=SYSTEM_VIEWER, at=h(hours))
    work(hours)


def known(shipment_id: int, hours: float, heard: float | None = None):
    (standing,) = known_at([Moment(shipment_id, h(hours), h(hours if heard is None else heard))])
    return standing.known


def test_going_out_is_scored_by_rule_without_a_model_and_by_the_model_with_one(world: World) -> None:
    keep(promised_at=h(-3).isoformat())
    scan("arrived_at_outlet", -1)
    assert not Risk.objects.exists()
    scan("out_for_delivery", 0, courier="YT0001")
    risk = Risk.objects.get()
    assert (risk.level, risk.score, risk.model, risk.reckoned_at) == ("MID", None, None, T)
    publish_model(scorer=SCORER, card={}, by=SYSTEM_VIEWER, at=T)
    scan("delivery_failed", 2)
    risk = Risk.objects.get()
    assert risk.score == pytest.approx(0.0321, abs=0.0001) and risk.level == "MID"
    assert risk.model.version_no == 1 and risk.reasons[0] == ["late", 5]
    scan("delivered", 4)
    assert Risk.objects.get().reckoned_at == h(2)


def test_a_complaint_scores_what_is_out_with_the_same_person(world: World) -> None:
    keep()
    keep("YT87654321")
    scan("out_for_delivery", 0)
    scan("delivered", 0, no="YT87654321")
    complain("YT87654321", 1)
    assert Complaint.objects.count() == 1
    assert Risk.objects.get().reasons == [["complained_before", 1]]
    complain(NO, 2)
    assert ["complained_here", ""] in Risk.objects.get().reasons


def test_nothing_that_came_later_is_known(world: World) -> None:
    parcel = keep()
    keep("YT87654321")
    scan("out_for_delivery", 0, courier="YT0001")
    before = known(parcel, 0)
    complain(NO, 1)
    complain("YT87654321", 1)
    scan("damaged", 2)
    scan("delivery_failed", 3)
    wish = Wish(kind="NO_LOCKER", source="CONSUMER")
    replace_preferences(phone=CONSUMER_PHONE, wishes=[wish], by=SYSTEM_VIEWER, at=h(4))
    note_weather(
        notes=[Noted(day=T.date(), kind="STORM", severity=3, outlet="DS01")], by=SYSTEM_VIEWER, at=h(4)
    )
    assert known(parcel, 0) == before
    after = known(parcel, 5)
    assert (after.complaints_here, after.complaints_before, after.failures) == (1, 1, 1)
    assert after.is_damaged and after.wishes == {"NO_LOCKER"} and after.weather == "STORM"
    # a scan that was made before, and of which we heard later
    assert known(parcel, 5, heard=2.5).failures == 0


def test_the_newest_note_of_the_weather_counts_and_one_may_be_taken_back(world: World) -> None:
    parcel = keep()
    scan("out_for_delivery", 0)
    for hours, severity in ((1, 1), (2, 3), (3, 0)):
        note = Noted(day=T.date(), kind="RAIN", severity=severity, city="南京市", source="气象台")
        note_weather(notes=[note], by=SYSTEM_VIEWER, at=h(hours))
    assert [known(parcel, hours).severity for hours in (0, 1, 2, 3)] == [0, 1, 3, 0]


def test_weather_that_cannot_be_is_refused_whole(world: World) -> None:
    good = Noted(day=T.date(), kind="RAIN", severity=1, outlet="DS01")
    bad = (
        Noted(day=T.date(), kind="FOG", severity=1, outlet="DS01"),
        Noted(day=T.date(), kind="RAIN", severity=4, outlet="DS01"),
        Noted(day=T.date() + 20 * TOMORROW, kind="RAIN", severity=1, outlet="DS01"),
        Noted(day=T.date(), kind="RAIN", severity=1),
        Noted(day=T.date(), kind="RAIN", severity=1, outlet="DS01", city="南京市"),
        Noted(day=T.date(), kind="RAIN", severity=1, outlet="NOWHERE"),
    )
    for one in bad:
        with pytest.raises(Invalid):
            note_weather(notes=[good, one], by=SYSTEM_VIEWER, at=T)
    zhou = world.viewer(world.zhou)
    with pytest.raises(NotAllowed):
        note_weather(notes=[Noted(day=T.date(), kind="RAIN", severity=1, city="南京市")], by=zhou, at=T)
    with pytest.raises(Invalid):
        note_weather(notes=[Noted(day=T.date(), kind="RAIN", severity=1, outlet="JN01")], by=zhou, at=T)
    assert not WeatherNote.objects.exists()


def test_the_worst_stands_first_and_only_ones_own_outlet_is_seen(world: World) -> None:
    for n, promised in enumerate((h(9), h(-40), h(-2))):
        keep(f"YT1234567{n}", promised_at=promised.isoformat())
        scan("out_for_delivery", 0, no=f"YT1234567{n}", courier=f"YT000{n}")
    lines = risks_of_outlet(viewer=world.viewer(world.lin), outlet_code="DS01", at=h(1))
    assert [(line.waybill_no[-1], line.level) for line in lines] == [("1", "MID"), ("2", "MID"), ("0", "LOW")]
    assert lines[0].reason_words == ["晚了 40 小时"]
    raised = risks_of_outlet(viewer=world.viewer(world.lin), outlet_code="DS01", only_raised=True, at=h(1))
    assert len(raised) == 2
    mine = risks_of_outlet(viewer=world.viewer(world.lin), outlet_code="DS01", courier="YT0002", at=h(1))
    assert [line.waybill_no[-1] for line in mine] == ["2"]
    with pytest.raises(NotFound):
        risks_of_outlet(viewer=world.viewer(world.he), outlet_code="DS01", at=h(1))


def test_scoring_costs_the_same_statements_for_one_and_for_many(
    world: World, django_assert_max_num_queries
) -> None:
    ids = [keep(f"YT1234567{n}") for n in range(6)]
    for n in range(6):
        scan("out_for_delivery", 0, no=f"YT1234567{n}")
    for some in (ids[:1], ids):
        with django_assert_max_num_queries(10):
            assert reckon_risks(shipment_ids=some, at=h(1)) == len(some)


def test_one_model_is_live_and_the_rule_counts_again_without(world: World) -> None:
    quality = world.viewer(world.quality)
    with pytest.raises(NotAllowed):
        publish_model(scorer=SCORER, card={}, by=world.viewer(world.zhou), at=T)
    assert not RiskModel.objects.exists()
    assert [publish_model(scorer=SCORER, card={}, by=quality, at=h(n)) for n in (0, 1)] == [1, 2]
    assert list(RiskModel.objects.filter(is_live=True).values_list("version_no", flat=True)) == [2]
    withdraw_model(by=quality, at=h(2))
    with pytest.raises(NoLiveModel):
        withdraw_model(by=quality, at=h(3))
    scan("out_for_delivery", 4)
    assert Risk.objects.get().score is None


def test_our_own_tasks_and_questions_are_no_complaints(world: World) -> None:
    keep()
    scan("out_for_delivery", 0)
    said = {"waybill_no": NO, "text": "到哪了", "shipment": find_shipment_refs(NO)[0]}
    open_case(**said, category="DELAY", is_internal=True, by=SYSTEM_VIEWER, at=h(1))
    open_case(**said, category="ENQUIRY", by=SYSTEM_VIEWER, at=h(1))
    work(1)
    assert not Complaint.objects.exists()
