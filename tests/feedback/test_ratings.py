"""One rating for each settled case, and what a bad one does."""

from datetime import timedelta

import pytest

from tests.notifications.conftest import a_case
from tests.world import START
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.models.history import TimelineEntry
from yishi.feedback.actions import AlreadyRated, NotSettledYet, rate_case
from yishi.feedback.models import Rating
from yishi.feedback.queries import find_rating
from yishi.feedback.rules import is_low
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.models import FactRow
from yishi.notifications.models import Delivery

LATER = START + timedelta(hours=3)


@pytest.fixture
def settled(world):
    case = a_case()
    by, finding = world.viewer(world.quality), Finding(validity="VALID", reason="属实")
    resolve_case(case_id=case.case_id, remedy="重派", text="已送到", finding=finding, by=by, at=START)
    return case


def test_a_settled_case_is_rated(settled):
    rate_case(case_id=settled.case_id, score=5, comment=" 很快\x00 ", at=LATER)
    rating = find_rating(settled.case_id)
    assert (rating.score, rating.comment, rating.at) == (5, "很快", LATER)
    assert FactRow.objects.filter(fact="feedback.RatingGiven").count() == 1
    assert not TimelineEntry.objects.filter(kind="RATED").exists()


def test_once_only(settled):
    rate_case(case_id=settled.case_id, score=5, comment="", at=LATER)
    with pytest.raises(AlreadyRated):
        rate_case(case_id=settled.case_id, score=1, comment="", at=LATER)
    assert find_rating(settled.case_id).score == 5


def test_not_before_it_is_settled(world):
    case = a_case()
    with pytest.raises(NotSettledYet):
        rate_case(case_id=case.case_id, score=5, comment="", at=LATER)
    assert find_rating(case.case_id) is None


@pytest.mark.parametrize(("score", "comment"), [(0, ""), (6, ""), (3, "字" * 2001)])
def test_what_cannot_be_taken(settled, score, comment):
    with pytest.raises(Invalid):
        rate_case(case_id=settled.case_id, score=score, comment=comment, at=LATER)
    assert not Rating.objects.exists()


@pytest.mark.django_db
def test_no_such_case():
    with pytest.raises(NotFound):
        rate_case(case_id=1, score=5, comment="", at=LATER)


def test_a_bad_rating_comes_back_to_the_case(settled):
    rate_case(case_id=settled.case_id, score=2, comment="", at=LATER)
    entry = TimelineEntry.objects.get(case_id=settled.case_id, kind="RATED")
    assert (entry.audience, entry.data["score"]) == ("INTERNAL", 2)


def test_who_has_rated_is_not_asked_again(settled):
    rate_case(case_id=settled.case_id, score=4, comment="", at=LATER)
    assert Delivery.objects.get(kind="RATING_REQUEST").state == "WITHDRAWN"


@pytest.mark.parametrize(("score", "low"), [(1, True), (2, True), (3, False), (5, False)])
def test_low(score, low):
    assert is_low(score) == low


@pytest.mark.parametrize(("state", "states"), [("SENT", ["SENT"]), ("QUEUED", ["QUEUED", "WITHDRAWN"])])
def test_one_request_a_case_however_often_it_is_settled(world, settled, state, states):
    requests = Delivery.objects.filter(kind="RATING_REQUEST", subject_id=str(settled.case_id))
    requests.update(state=state)
    reopen_case(case_id=settled.case_id, reason="", by=None, at=LATER)
    by, finding = world.viewer(world.quality), Finding(validity="VALID", reason="属实")
    resolve_case(case_id=settled.case_id, remedy="重派", text="送到", finding=finding, by=by, at=LATER)
    assert sorted(requests.values_list("state", flat=True)) == states
