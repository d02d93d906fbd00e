"""What a person was offered for his loss: accepted, or not and why, without an account."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from yishi.api import schemas as s
from yishi.api.problems import Problem
from yishi.cases.actions.floods import check_words
from yishi.cases.queries.cards import get_case_by_token
from yishi.claims.actions.answer import NotOffered, accept_proposal, dispute_proposal
from yishi.claims.queries.proposals import proposal_of_case
from yishi.kit.clock import now

router = Router(tags=["public"])
REFUSALS = dict.fromkeys((400, 404, 409, 415, 422, 429), Problem)


class AcceptIn(s.Strict):
    """`proposal`: the id of what he was shown."""

    proposal: s.Version


class DisputeIn(AcceptIn):
    reason: s.Text


@router.post("/cases/{token}/proposal/accept", response={200: s.DoneOut, **REFUSALS}, auth=None)
def post_accept(request: HttpRequest, token: str, body: AcceptIn) -> Any:
    """He takes the amount; said twice it is said once. 409 where it is no longer what is offered."""
    accept_proposal(proposal_id=_shown(token, body.proposal), at=now())
    return _done(token)


@router.post("/cases/{token}/proposal/dispute", response={200: s.DoneOut, **REFUSALS}, auth=None)
def post_dispute(request: HttpRequest, token: str, body: DisputeIn) -> Any:
    """He does not take it, and says why: it is worked over. 409 where it is no longer what is offered."""
    dispute_proposal(proposal_id=_shown(token, body.proposal), reason=body.reason, at=now())
    return _done(token)


def _shown(token: str, proposal: int) -> int:
    """The proposal that he means, as long as it is his case's present one. Raises NotOffered."""
    case = get_case_by_token(token)
    check_words(case_id=case.id, at=now())
    card = proposal_of_case(case.id)
    if card is None or card.proposal_id != proposal:
        raise NotOffered()
    return proposal


def _done(token: str) -> dict[str, str]:
    case = get_case_by_token(token)
    return {"case_no": case.case_no, "status": case.status}
