"""Approving an amount within one's limit, and telling the person."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_may
from yishi.claims.actions.hold import hold_claim, keep, newest_proposal, tell
from yishi.claims.facts import ClaimApproved, ClaimOffered
from yishi.claims.models.claim import ClaimState, Proposal
from yishi.claims.queries.policy import limits
from yishi.claims.rules.approval import may_approve
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.facts import announce
from yishi.people.rules import Permission, Viewer


class AboveLimit(Refusal):
    """金额超过你能批的额度，请上一级批"""

    code = "above_limit"
    status = 403


class OwnProposal(Refusal):
    """这个金额不能自己提自己批，请另一位批"""

    code = "own_proposal"
    status = 403


class NothingToOffer(Refusal):
    """赔付金额是 0，没有可以告诉顾客的；改个金额，或写明不赔"""

    code = "nothing_to_offer"
    status = 422


def check_limit(by: Viewer, amount_fen: int, *, is_own: bool) -> None:
    """Raises AboveLimit or OwnProposal, by the limit of the viewer's role."""
    why = may_approve(limits().get(by.role), amount_fen, is_own=is_own)
    if why:
        raise OwnProposal() if why == "OWN" else AboveLimit()


@transaction.atomic
def approve_claim(*, claim_id: int, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Approves the newest proposal. Raises AboveLimit, OwnProposal, ClaimMoved, Stale."""
    check_may(by, Permission.CASE_WRITE)
    case, claim = hold_claim(claim_id=claim_id, version=version, states=frozenset({"PROPOSED"}))
    proposal = newest_proposal(claim)
    check_limit(by, proposal.amount_fen, is_own=_is_own(proposal, by))
    proposal.approved_by, proposal.approved_at = by.user_id, at
    proposal.save(update_fields=["approved_by", "approved_at"])
    claim.state = ClaimState.APPROVED
    keep(claim, "state")
    tell(case, "CLAIM_APPROVED", by=by, at=at, inside={"amount_fen": proposal.amount_fen})
    announce(
        ClaimApproved(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, claim_id=claim.pk,
            amount_fen=proposal.amount_fen, proposal_id=proposal.pk, at=at,
        )
    )  # fmt: skip


@transaction.atomic
def offer_claim(*, claim_id: int, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Asks the person whether he accepts what was approved. Raises NothingToOffer, ClaimMoved, Stale."""
    check_may(by, Permission.CASE_WRITE)
    case, claim = hold_claim(claim_id=claim_id, version=version, states=frozenset({"APPROVED"}))
    proposal = newest_proposal(claim)
    if not proposal.amount_fen:
        raise NothingToOffer()
    if case.is_internal:
        raise Invalid([("/claim", "no_reader", "这件工单没有顾客，没人可以答复")])
    proposal.offered_at = at
    proposal.save(update_fields=["offered_at"])
    claim.state = ClaimState.OFFERED
    keep(claim, "state")
    tell(case, "CLAIM_OFFERED", by=by, at=at, public={"amount_fen": proposal.amount_fen})
    announce(
        ClaimOffered(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, claim_id=claim.pk,
            amount_fen=proposal.amount_fen, proposal_id=proposal.pk, at=at,
        )
    )  # fmt: skip


def _is_own(proposal: Proposal, by: Viewer) -> bool:
    """A program's key has no person behind it: nothing tells it from who proposed."""
    return by.user_id is None or proposal.proposed_by == by.user_id
