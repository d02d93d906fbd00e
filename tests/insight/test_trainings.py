"""Trainings: what the past teaches without knowing what came later, what is refused, what is published."""

from datetime import timedelta

import pytest

from tests.detection.test_incidents import NO, T, h, scan, work
from tests.detection.test_risk_rules import SCORER
from tests.detection.test_risks import complain, keep
from tests.world import World
from yishi.cases.models.case import Case
from yishi.detection.models.risk import Complaint, RiskModel
from yishi.insight.actions.train import train
from yishi.insight.actions.trainings import (
    NotBetter,
    RiskNotReady,
    RiskTrainingWaits,
    ask_training,
    publish_training,
    withdraw_published,
)
from yishi.insight.models import Training
from yishi.insight.queries.history import area_of, past_complaints, read_rows
from yishi.insight.queries.trainings import list_trainings
from yishi.kit.errors import NotAllowed
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db


def rows(days: int = 1):
    return read_rows(since=T - timedelta(days=days), until=T + timedelta(days=days))


def test_a_complaint_after_going_out_is_the_answer_and_never_a_clue(world: World) -> None:
    keep()
    scan("out_for_delivery", 0, courier="YT0001")
    (before,) = rows()
    scan("delivery_failed", 3, courier="YT0001")
    complain(NO, 5)
    scan("out_for_delivery", 20, courier="YT0001")
    scan("delivered", 22, courier="YT0001")
    first, failed, again = rows()
    assert first.known == before.known and not before.is_complained
    assert [row.is_complained for row in (first, failed, again)] == [True, True, False]
    assert [row.known.complaints_here for row in (first, failed, again)] == [0, 0, 1]
    assert [row.known.failures for row in (first, failed, again)] == [0, 1, 1]
    assert {row.outlet for row in (first, failed, again)} == {"DS01"} and first.area == "CITY"


def test_a_complaint_counts_for_seven_days_and_the_same_step_once(world: World) -> None:
    keep()
    scan("out_for_delivery", 0)
    scan("retrieved_by_courier", 0.3)
    complain(NO, 7 * 24)
    assert [row.is_complained for row in rows()] == [True]
    Case.objects.update(opened_at=h(7 * 24 + 0.1))
    assert [row.is_complained for row in rows()] == [False]


def test_complaints_of_before_the_score_are_caught_up_with(world: World) -> None:
    keep()
    scan("out_for_delivery", 0)
    complain(NO, 1)
    Complaint.objects.all().delete()
    (found,) = past_complaints(until=h(2))
    assert found[0] == Case.objects.get().case_no
    number = ask_training(by=SYSTEM_VIEWER, at=h(24 * 8))
    train(training_id=number, at=h(24 * 8))
    assert Complaint.objects.count() == 1


def test_too_little_is_refused_with_its_reason_and_nothing_changes(world: World) -> None:
    quality = world.viewer(world.quality)
    with pytest.raises(NotAllowed):
        ask_training(by=world.viewer(world.zhou), at=T)
    number = ask_training(by=quality, at=T)
    for refusal, act in (
        (RiskTrainingWaits, lambda: ask_training(by=quality, at=T)),
        (RiskNotReady, lambda: publish_training(training_id=number, by=quality, at=T)),
    ):
        with pytest.raises(refusal):
            act()
    train(training_id=number, at=h(1))
    (line,) = list_trainings(viewer=quality)
    assert (line.outcome, line.refused_for) == ("REFUSED", ["few_parcels", "few_complaints"])
    assert not line.may_publish and line.figures == {}
    with pytest.raises(NotBetter):
        publish_training(training_id=number, by=quality, at=h(2))
    assert not RiskModel.objects.exists() and Training.objects.get().published_at is None


def test_what_is_ready_scores_from_then_on_and_may_be_taken_back(world: World) -> None:
    quality = world.viewer(world.quality)
    row = Training.objects.create(
        asked_at=T, asked_by="user:1", trained_at=T, since=T, until=T, outcome="READY",
        weights=SCORER.values(), figures={"count": 1}, parcels=7,
    )  # fmt: skip
    assert publish_training(training_id=row.pk, by=quality, at=h(1)) == 1
    live = RiskModel.objects.get(is_live=True)
    assert live.card["parcels"] == 7 and live.weights == SCORER.values()
    withdraw_published(by=quality, at=h(2))
    assert not RiskModel.objects.filter(is_live=True).exists()
    # and published again
    assert publish_training(training_id=row.pk, by=quality, at=h(3)) == 2
    assert Training.objects.get().version_no == 2
    work(4)


def test_kinds_of_areas() -> None:
    assert [area_of(name) for name in ("江宁区", "高淳县", "昆山市", "")] == ["CITY", "COUNTY", "COUNTY", ""]
