"""Two people at the same thing at the same moment, on two connections: one is done, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.cases.making import at_dongshan, row
from tests.world import START, make_world
from yishi.cases.actions.assign import assign
from yishi.cases.actions.links import merge_case
from yishi.cases.actions.open import open_case
from yishi.cases.actions.reply import add_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry
from yishi.claims.actions.answer import accept_proposal
from yishi.claims.actions.approve import approve_claim, offer_claim
from yishi.claims.actions.propose import Said, propose_claim
from yishi.claims.models.claim import Claim
from yishi.claims.models.ledger import Entry
from yishi.claims.queries.proposals import proposal_of_case
from yishi.kit.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Does them on connections of their own, started together: what each was told, sorted ('' = done)."""
    start = Barrier(len(deeds))

    def do(deed):
        start.wait()
        try:
            deed()
            return ""
        except Refusal as refusal:
            assert refusal.status == 409, refusal
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as both:
        return sorted(both.map(do, deeds))


@pytest.fixture
def scene():
    world = make_world()
    return world, at_dongshan(world), (world.viewer(world.lin), world.viewer(world.zhou))


def _answer(case, version, by):
    add_reply(case_id=case.case_id, text=f"{by.name}来办", version=version, by=by, at=START)


def _take(case, version, by):
    assign(case_id=case.case_id, outlet_id=row(case).outlet_id, assignee_id=by.user_id, reason="我来",
           version=version, by=by, at=START)  # fmt: skip


def _settle(case, version, by):
    finding = Finding(validity="VALID", reason=f"{by.name}看过")
    resolve_case(case_id=case.case_id, remedy="FOUND", text="找到了", finding=finding, version=version,
                 by=by, at=START)  # fmt: skip


@pytest.mark.parametrize(("deed", "kind"), [(_answer, "REPLY"), (_take, "ASSIGNED"), (_settle, "RESOLVED")])
def test_the_second_of_two_with_the_same_page_is_told(scene, deed, kind):
    _, case, people = scene
    version = row(case).version
    before = TimelineEntry.objects.filter(kind=kind, audience="INTERNAL").count()
    told = at_once(*(lambda by=by: deed(case, version, by) for by in people))
    assert told == ["", "stale"]
    assert TimelineEntry.objects.filter(kind=kind).values("at", "author_id").distinct().count() >= 1
    assert TimelineEntry.objects.filter(kind=kind, audience="INTERNAL").count() - before <= 1


def test_an_offer_is_accepted_once(scene):
    world, case, _ = scene
    owner = world.viewer(world.owner)
    said = Said(loss_type="LOST", goods_value_fen=38_800, has_proof=True)
    claim_id = propose_claim(case_id=case.case_id, said=said, by=owner, at=START)
    approve_claim(claim_id=claim_id, by=owner, at=START)
    offer_claim(claim_id=claim_id, by=owner, at=START)
    offered = proposal_of_case(case.case_id)
    assert at_once(*[lambda: accept_proposal(proposal_id=offered.proposal_id, at=START)] * 2) == ["", ""]
    assert Claim.objects.get().state == "ACCEPTED"
    assert Entry.objects.filter(kind="CLAIM_ACCEPTED").count() == 1, "owed once"


def test_of_two_merges_against_each_other_one_stands(scene):
    _, first, (lin, zhou) = scene
    other = open_case(waybill_no=row(first).waybill_no, category="DELAY", text="还没到", by=lin, at=START)
    Case.objects.filter(pk=other.case_id).update(outlet_id=row(first).outlet_id)
    one, two = first.case_id, other.case_id
    told = at_once(
        lambda: merge_case(case_id=one, into_id=two, by=lin, at=START),
        lambda: merge_case(case_id=two, into_id=one, by=zhou, at=START),
    )
    assert told[0] == "" and told[1] != ""
    assert Case.objects.filter(merged_into__isnull=True).count() == 1
