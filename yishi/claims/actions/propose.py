"""Proposing an amount for a case from the table, changing it with a reason, and letting the claim be."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_may, hold_case
from yishi.claims.actions.hold import hold_claim, keep, tell, words
from yishi.claims.facts import ClaimDropped, ClaimProposed
from yishi.claims.models.claim import Claim, ClaimState, Proposal
from yishi.claims.queries.policy import limits, running_rules
from yishi.claims.queries.worth import facts_of_case
from yishi.claims.rules.approval import lowest_approver
from yishi.claims.rules.compensation import MOST_FEN, Computed, LossFacts, propose
from yishi.claims.rules.losses import LossType
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase
from yishi.people.rules import Permission, Viewer

# a proposal can be replaced until the person has said yes
_OPEN = frozenset({"PROPOSED", "APPROVED", "OFFERED", "DISPUTED"})


class ClaimThere(Refusal):
    """这件已经有理赔了，在那上面改"""

    code = "claim_there"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a colleague says of the loss; None = as far as the parcel's data tells."""

    loss_type: str | None = None
    goods_value_fen: int | None = None
    has_proof: bool = False
    lost_percent: int = 100
    is_insured: bool | None = None
    declared_value_fen: int | None = None
    freight_fen: int | None = None


@transaction.atomic
def propose_claim(*, case_id: int, said: Said, by: Viewer, at: datetime) -> int:
    """Opens the claim of a case with what the table gives; its id.

    One claim a case: raises ClaimThere for a second one, Invalid for what makes no sense.
    """
    check_may(by, Permission.CASE_WRITE)
    case = hold_case(case_id=case_id)
    if Claim.objects.filter(case=case).exclude(state=ClaimState.DROPPED).exists():
        raise ClaimThere()
    facts = _facts(case.pk, said, at)
    computed = propose(facts, running_rules())
    claim, is_new = Claim.objects.get_or_create(
        case=case,
        defaults={"loss_type": facts.loss_type, "amount_fen": computed.amount_fen, "opened_at": at},
    )
    if not is_new:
        claim.number, claim.opened_at = claim.number + 1, at
    _propose(claim, facts, computed, computed.amount_fen, "", by, at)
    return claim.pk


@transaction.atomic
def change_proposal(
    *,
    claim_id: int,
    amount_fen: int | None,
    said: Said,
    reason: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Another proposal in place of the last one: the table's, or an own amount, always with a reason.

    Raises ClaimMoved once the person has accepted, Invalid, Stale.
    """
    check_may(by, Permission.CASE_WRITE)
    why = words(reason, "/reason")
    if amount_fen is not None and not 0 <= amount_fen <= MOST_FEN:
        raise Invalid([("/amount", "bad_amount", "金额不对")])
    case, claim = hold_claim(claim_id=claim_id, version=version, states=_OPEN)
    facts = _facts(case.pk, said, at)
    computed = propose(facts, running_rules())
    claim.number += 1
    _propose(claim, facts, computed, computed.amount_fen if amount_fen is None else amount_fen, why, by, at)


@transaction.atomic
def drop_claim(
    *, claim_id: int, reason: str | Phrase, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """No money for this case after all, with a reason. Raises ClaimMoved once the person has accepted."""
    check_may(by, Permission.CASE_WRITE)
    why = "" if isinstance(reason, Phrase) else words(reason, "/reason")
    inside = {"phrase": reason.kept()} if isinstance(reason, Phrase) else {}
    case, claim = hold_claim(claim_id=claim_id, version=version, states=_OPEN)
    was_offered = claim.state == ClaimState.OFFERED
    claim.state = ClaimState.DROPPED
    keep(claim, "state")
    tell(case, "CLAIM_DROPPED", by=by, at=at, public={} if was_offered else None, inside=inside, text=why)
    announce(
        ClaimDropped(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, claim_id=claim.pk,
            amount_fen=claim.amount_fen, at=at,
        )
    )  # fmt: skip


def _facts(case_id: int, said: Said, at: datetime) -> LossFacts:
    """What the parcel's data tells, and over it what the colleague says. Raises Invalid."""
    if said.loss_type is not None and said.loss_type not in LossType.__members__:
        raise Invalid([("/loss_type", "unknown_loss", "没有这种损失")])
    if not 0 <= said.lost_percent <= 100:
        raise Invalid([("/lost_percent", "out_of_range", "0 到 100")])
    values = (said.goods_value_fen, said.declared_value_fen, said.freight_fen)
    if any(value is not None and not 0 <= value <= MOST_FEN for value in values):
        raise Invalid([("/amount", "bad_amount", "金额不对")])
    known = facts_of_case(case_id, at=at)
    stated = {name: value for name, value in asdict(said).items() if value is not None}
    return replace(known, **stated)


def _propose(
    claim: Claim, facts: LossFacts, computed: Computed, amount_fen: int, why: str, by: Viewer, at: datetime
) -> None:
    claim.loss_type, claim.amount_fen, claim.state = facts.loss_type, amount_fen, ClaimState.PROPOSED
    keep(claim, "loss_type", "amount_fen", "state", "number", "opened_at")
    proposal = Proposal.objects.create(
        claim=claim,
        number=claim.number,
        amount_fen=amount_fen,
        computed_fen=computed.amount_fen,
        facts={**asdict(facts), "on": facts.on.isoformat()},
        lines=[[line.code, line.amount_fen, dict(line.values), line.rule_id] for line in computed.lines],
        reason=why,
        proposed_by=by.user_id,
        proposed_at=at,
    )
    role = lowest_approver(limits(), amount_fen) or ""
    data = {"amount_fen": amount_fen, "computed_fen": computed.amount_fen, "role": role}
    tell(claim.case, "CLAIM_PROPOSED", by=by, at=at, inside=data, text=why)
    announce(
        ClaimProposed(
            case_id=claim.case_id, case_no=claim.case.case_no, by_user_id=by.user_id, claim_id=claim.pk,
            amount_fen=amount_fen, proposal_id=proposal.pk, role=role, at=at,
        )
    )  # fmt: skip
