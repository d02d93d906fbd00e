"""Facts: one row in the same transaction; NOW at once, LATER by the worker, failures retried alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from yishi.kit import facts, outbox
from yishi.kit.facts import Fact, Reactions, announce
from yishi.kit.models import FactRow, ReactionTry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
seen: list[str] = []


@dataclass(frozen=True, kw_only=True)
class BranchSent(Fact):
    branch_id: int


def on_now(fact):
    seen.append(f"now {fact.branch_id}")


def on_later(fact):
    seen.append(f"later {fact.branch_id} {fact.at:%H:%M}")


def on_failing(fact):
    FactRow.objects.create(fact="trace", body={}, announced_at=AT)
    raise ValueError("19900000001 must not reach a log")


@pytest.fixture(autouse=True)
def planned():
    """A flow of our own; the real one is put back."""
    before = dict(facts._flow)
    seen.clear()
    facts.install({BranchSent: Reactions(now=(on_now,), later=(on_later, on_failing))})
    yield
    facts._flow.clear()
    facts._flow.update(before)


def test_now_reacts_at_once_and_later_waits():
    announce(BranchSent(branch_id=7, at=AT))
    assert seen == ["now 7"]
    row = FactRow.objects.get()
    assert (row.fact, row.body["branch_id"], row.due_at) == (BranchSent.name, 7, AT)


def test_a_fact_that_nobody_waits_for_is_kept_but_not_due():
    facts.install({BranchSent: Reactions(now=(on_now,))})
    announce(BranchSent(branch_id=7, at=AT))
    assert FactRow.objects.get().due_at is None


def test_a_refused_action_leaves_no_fact():
    with pytest.raises(RuntimeError), transaction.atomic():
        announce(BranchSent(branch_id=7, at=AT))
        raise RuntimeError
    assert not FactRow.objects.exists()


def test_later_runs_once_and_a_failure_is_retried_alone():
    announce(BranchSent(branch_id=7, at=AT))
    assert outbox.run_due(at=AT) == 1
    assert seen == ["now 7", "later 7 06:00"]
    assert not FactRow.objects.filter(fact="trace").exists(), "a failed reaction leaves nothing"
    failed = ReactionTry.objects.get()
    assert (failed.tries, failed.due_at, failed.error) == (1, AT + timedelta(seconds=10), "ValueError")
    assert outbox.run_due(at=AT + timedelta(seconds=9)) == 0
    assert outbox.run_due(at=AT + timedelta(seconds=10)) == 1
    assert seen == ["now 7", "later 7 06:00"], "the one that went through is not run again"


def test_what_nobody_wants_is_asked_once_and_not_run():
    asked = []

    def wanted():
        asked.append(len(asked))
        return False

    facts.install({BranchSent: Reactions(later=(on_now,), only_if={on_now: wanted})})
    for branch_id in (7, 8):
        announce(BranchSent(branch_id=branch_id, at=AT))
    assert (outbox.run_due(at=AT), seen, asked) == (2, [], [0])
    assert outbox.run_due(at=AT) == 0 and not ReactionTry.objects.exists()


def test_the_fifth_failure_parks():
    announce(BranchSent(branch_id=7, at=AT))
    at = AT
    for _ in range(outbox.MAX_TRIES):
        assert outbox.run_due(at=at) == 1
        at += timedelta(hours=1)
    parked = ReactionTry.objects.get()
    assert (parked.tries, parked.due_at) == (5, None)
    assert parked.parked_at is not None
    assert outbox.run_due(at=at) == 0
