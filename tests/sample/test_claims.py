"""The sample's money: every state that a desk meets, through the actions, and books that balance."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db.models import Sum

from yishi.claims.models.arbitration import Arbitration
from yishi.claims.models.claim import Claim, Recovery
from yishi.claims.models.ledger import Posting
from yishi.claims.models.penalty import ReceivedPenalty
from yishi.sample.claims import PLANS, begun_at, build_penalties, live_claim, plans_of
from yishi.sample.history import choose_stories, viewer_of_agent
from yishi.sample.load import CASES, SEED, load_sample
from yishi.sample.routes import PARCELS, make_parcel
from yishi.sample.stories import make_story
from yishi.sample.words import BY_FATE

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def test_the_whole_sample_has_a_case_for_every_plan():
    stories = choose_stories(seed=SEED, total=PARCELS, count=CASES, at=AT)
    found = plans_of(stories, at=AT)
    assert sorted(found.values()) == list(range(len(PLANS)))
    assert all(begun_at(story) < AT for story in stories if story.parcel.waybill_no in found)


@pytest.mark.django_db
def test_every_plan_is_lived_and_the_books_balance(tmp_path):
    load_sample(home=tmp_path, at=AT, parcels=300, cases=24)
    taken = Claim.objects.count()
    parcels = [make_parcel(seed=SEED, number=n, total=300, at=AT) for n in range(100, 290)]
    ordinary = [s for p in parcels if (s := make_story(p, seed=SEED, at=AT)) is not None]
    broken = [replace(s, matter=BY_FATE["DAMAGED"], source="SELF") for s in ordinary]
    fit = [s for s in broken if all(step.kind != "WITHDRAW" for step in s.steps)]
    for place, story in enumerate(fit[-len(PLANS) :]):
        live_claim(story, place, viewer_of_agent(story.parcel.outlet.code))
    states = list(Claim.objects.order_by("id").values_list("state", flat=True))[taken:]
    assert states == [
        "PROPOSED", "APPROVED", "OFFERED", "ACCEPTED", "DISPUTED", "PAY_FAILED", "PROPOSED", "PAID", "PAID",
        "PAID", "PAID",
    ]  # fmt: skip
    assert set(Recovery.objects.values_list("state", flat=True)) >= {"ASKED", "RECEIVED"}
    assert set(Arbitration.objects.values_list("state", flat=True)) >= {"FILED", "DECIDED"}
    assert not Claim.objects.filter(amount_fen=0).exists()
    before = ReceivedPenalty.objects.count()
    assert before == 7 and set(ReceivedPenalty.objects.values_list("appeal_result", flat=True)) == {
        "", "REVOKED", "REDUCED", "UPHELD",
    }  # fmt: skip
    build_penalties([s.parcel for s in ordinary[:7]], at=AT)  # a load that goes on adds none twice
    assert ReceivedPenalty.objects.count() == before
    assert Posting.objects.aggregate(all=Sum("amount_fen"))["all"] == 0 and Posting.objects.count() > 30
