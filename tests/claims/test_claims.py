"""The claim of a case: proposed by the table, approved within limits, answered, paid once, asked back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.claims.making import BROKEN, damaged, offered, proposed
from tests.world import START
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.models.history import Audience, TimelineEntry
from yishi.cases.queries.history import list_timeline
from yishi.claims.actions.answer import NotOffered, accept_proposal, dispute_proposal
from yishi.claims.actions.approve import AboveLimit, NothingToOffer, OwnProposal, approve_claim, offer_claim
from yishi.claims.actions.hold import ClaimMoved
from yishi.claims.actions.ledger import NotBalanced, book, reverse
from yishi.claims.actions.pay import AlreadyPaid, note_payment, note_payment_failed
from yishi.claims.actions.propose import ClaimThere, Said, change_proposal, propose_claim
from yishi.claims.actions.recover import AskedAlready, AsksTooMuch, ask_recovery, end_recovery
from yishi.claims.models.claim import Claim, Proposal, Recovery
from yishi.claims.models.ledger import Entry, Posting
from yishi.claims.queries.ledger import account_balances
from yishi.claims.queries.proposals import claim_of_case, proposal_of_case
from yishi.claims.rules.ledger import Amount, move
from yishi.kit.errors import NotAllowed, Stale
from yishi.kit.models import FactRow

pytestmark = pytest.mark.django_db


def snapshot():
    """Everything of money, to see that a refusal changed nothing."""
    tables = (Claim, Proposal, Recovery, Entry, Posting, TimelineEntry, FactRow)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def refuses(refusal, call):
    before = snapshot()
    with pytest.raises(refusal):
        call()
    assert snapshot() == before


def told(case_id, audience="PUBLIC"):
    return [
        line.kind for line in list_timeline(case_id, audience) if line.kind.startswith(("CLAIM", "RECOVERY"))
    ]


def balance():
    connection.check_constraints()
    return {line.code: line.amount_fen for line in account_balances() if line.amount_fen}


def test_the_table_proposes_with_its_reasons(world):
    claim = proposed(world, insured=True, declared_value_fen=100_000)
    card = claim_of_case(claim.case_id, viewer=world.viewer(world.lin))
    assert (card.amount_fen, card.loss_type, card.next_role) == (38_800, "DAMAGED", "网点负责人")
    (line,) = card.proposal.lines
    assert (
        "388.00" in line.text
        and "保价 1,000.00" in line.text
        and "按保价金额" in line.basis
        and "出厂" not in line.basis
    )
    assert (line.cited.law, line.cited.year, line.cited.is_text_read) == ("快递暂行条例", 2025, False)
    assert told(claim.case_id) == [] and told(claim.case_id, "INTERNAL") == ["CLAIM_PROPOSED"]


def test_what_is_for_mail_is_never_cited_for_express(world):
    claim = proposed(world)
    said = claim_of_case(claim.case_id, viewer=world.viewer(world.lin)).proposal.lines
    assert said and all("四十六" not in (line.cited.article if line.cited else "") for line in said)


def test_one_claim_a_case(world):
    claim = proposed(world)
    lin = world.viewer(world.lin)
    refuses(ClaimThere, lambda: propose_claim(case_id=claim.case_id, said=BROKEN, by=lin, at=START))


def test_above_the_limit_it_goes_up_and_nobody_is_alone(world):
    claim = proposed(world)
    refuses(AboveLimit, lambda: approve_claim(claim_id=claim.pk, by=world.viewer(world.lin), at=START))
    zhou = world.viewer(world.zhou)
    change_proposal(claim_id=claim.pk, amount_fen=30_000, said=BROKEN, reason="只碎了一个", by=zhou, at=START)
    refuses(OwnProposal, lambda: approve_claim(claim_id=claim.pk, by=zhou, at=START))
    approve_claim(claim_id=claim.pk, by=world.viewer(world.quality), at=START)
    card = claim_of_case(claim.case_id, viewer=zhou)
    assert (card.state, card.amount_fen, card.proposal.computed_fen) == ("APPROVED", 30_000, 38_800)


def test_an_operator_may_not(world):
    case_id = damaged(world)
    by = world.viewer(world.operator)
    refuses(NotAllowed, lambda: propose_claim(case_id=case_id, said=BROKEN, by=by, at=START))


def test_nothing_is_not_offered(world):
    claim = proposed(world, Said(goods_value_fen=38_800))
    lin = world.viewer(world.lin)
    approve_claim(claim_id=claim.pk, by=lin, at=START)
    refuses(NothingToOffer, lambda: offer_claim(claim_id=claim.pk, by=lin, at=START))


def test_a_stale_page_is_told(world):
    claim = proposed(world)
    by = world.viewer(world.quality)
    refuses(Stale, lambda: approve_claim(claim_id=claim.pk, by=by, at=START, version=claim.version - 1))


def test_accepted_it_is_owed_once(world):
    proposal = offered(world)
    card = proposal_of_case(proposal.claim.case_id)
    assert (card.proposal_id, card.state, card.can_answer, card.amount_fen) == (
        proposal.pk,
        "OFFERED",
        True,
        38_800,
    )
    for _ in range(2):
        accept_proposal(proposal_id=proposal.pk, at=START)
    assert balance() == {"6001": 38_800, "2001": -38_800}
    assert told(proposal.claim.case_id) == ["CLAIM_OFFERED", "CLAIM_ACCEPTED"]
    refuses(NotOffered, lambda: dispute_proposal(proposal_id=proposal.pk, reason="少了", at=START))
    promise = FactRow.objects.get(fact="cases.PromiseMade", body__subject_kind="CLAIM")
    assert promise.body["due_at"].startswith("2026-11-25T02:00")


def test_disputed_another_proposal_takes_its_place(world):
    first = offered(world)
    dispute_proposal(proposal_id=first.pk, reason="两个都碎了", at=START)
    lin = world.viewer(world.lin)
    change_proposal(claim_id=first.claim_id, amount_fen=5_000, said=BROKEN, reason="再谈", by=lin, at=START)
    assert proposal_of_case(first.claim.case_id).state == "DISPUTED"
    approve_claim(claim_id=first.claim_id, by=lin, at=START)
    offer_claim(claim_id=first.claim_id, by=lin, at=START)
    refuses(NotOffered, lambda: accept_proposal(proposal_id=first.pk, at=START))
    second = proposal_of_case(first.claim.case_id)
    accept_proposal(proposal_id=second.proposal_id, at=START)
    assert (second.amount_fen, balance()["6001"]) == (5_000, 5_000)


def test_what_was_replaced_before_its_answer_cannot_be_accepted(world):
    first = offered(world)
    lin = world.viewer(world.lin)
    change_proposal(claim_id=first.claim_id, amount_fen=1_000, said=BROKEN, reason="算错了", by=lin, at=START)
    assert proposal_of_case(first.claim.case_id) is None
    refuses(NotOffered, lambda: accept_proposal(proposal_id=first.pk, at=START))


def test_paid_once_and_the_second_is_told(world):
    proposal = offered(world)
    accept_proposal(proposal_id=proposal.pk, at=START)
    lin, zhou, quality = (world.viewer(one) for one in (world.lin, world.zhou, world.quality))
    claim_id = proposal.claim_id
    refuses(AboveLimit, lambda: note_payment(claim_id=claim_id, reference="支付宝 1", by=lin, at=START))
    note_payment_failed(claim_id=claim_id, reason="账号不对", by=zhou, at=START)
    for _ in range(2):
        note_payment(
            claim_id=claim_id, reference="支付宝 20261122001", by=zhou, at=START + timedelta(hours=1)
        )
    refuses(AlreadyPaid, lambda: note_payment(claim_id=claim_id, reference="微信 7", by=quality, at=START))
    assert balance() == {"6001": 38_800, "1001": -38_800}
    case_id = proposal.claim.case_id
    assert told(case_id)[2:] == ["CLAIM_PAY_FAILED", "CLAIM_PAID"]
    public = " ".join(line.text for line in list_timeline(case_id, Audience.PUBLIC))
    assert "20261122001" not in public and "账号不对" not in public


def test_asked_back_from_whoever_is_responsible(world):
    proposal = offered(world)
    zhou = world.viewer(world.zhou)
    asked = {
        "claim_id": proposal.claim_id,
        "debtor": "CARRIER",
        "who": "圆通速递",
        "reason": "中转场摔的",
        "by": zhou,
        "at": START,
    }
    refuses(ClaimMoved, lambda: ask_recovery(amount_fen=1, **asked))
    accept_proposal(proposal_id=proposal.pk, at=START)
    refuses(AsksTooMuch, lambda: ask_recovery(amount_fen=38_801, **asked))
    first = ask_recovery(amount_fen=30_000, **asked)
    refuses(AskedAlready, lambda: ask_recovery(amount_fen=1, **asked))
    end_recovery(recovery_id=first, received_fen=20_000, reference="对账单 11", by=zhou, at=START)
    refuses(
        ClaimMoved,
        lambda: end_recovery(recovery_id=first, received_fen=0, reference="再来", by=zhou, at=START),
    )
    second = ask_recovery(amount_fen=18_800, **asked)
    end_recovery(recovery_id=second, received_fen=0, reference="对方不认", by=zhou, at=START)
    assert balance() == {"6001": 38_800, "2001": -38_800, "1001": 20_000, "5101": -20_000}
    assert told(proposal.claim.case_id) == ["CLAIM_OFFERED", "CLAIM_ACCEPTED"]


def test_withdrawn_with_its_case(world):
    proposal = offered(world)
    withdraw_case(case_id=proposal.claim.case_id, at=START)
    assert Claim.objects.get().state == "DROPPED" and proposal_of_case(proposal.claim.case_id) is None
    refuses(NotOffered, lambda: accept_proposal(proposal_id=proposal.pk, at=START))


def test_the_database_refuses_what_does_not_balance():
    refuses(
        NotBalanced,
        lambda: book(key="k", kind="X", subject=("X", 1), amounts=[Amount("1001", 5)], by="x", at=START),
    )
    entry_id = book(key="k", kind="X", subject=("X", 1), amounts=move("1001", "2001", 5), by="x", at=START)
    connection.check_constraints()
    with pytest.raises(DatabaseError), transaction.atomic():
        Posting.objects.filter(entry_id=entry_id).update(amount_fen=7)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.get(pk=entry_id).delete()
    with pytest.raises(DatabaseError, match="does not balance"), transaction.atomic():
        Posting.objects.create(entry_id=entry_id, account_id=1, amount_fen=3)
        connection.check_constraints()


def test_booked_twice_is_booked_once_and_taken_back_once():
    for _ in range(2):
        book(key="k", kind="X", subject=("X", 1), amounts=move("1001", "2001", 5), by="x", at=START)
    reverse(key="k", by="x", at=START)
    assert balance() == {} and Entry.objects.count() == 2
