"""What the table would have given on past cases, beside what was given: tried before it goes live."""

from dataclasses import dataclass, replace
from datetime import date

from yishi.claims.models.claim import Claim
from yishi.claims.queries.policy import running_rules
from yishi.claims.rules.compensation import LossFacts, RuleTerms, propose
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class Tried:
    """A past claim: what the table gives now, and what it would give with the new row."""

    case_no: str
    loss_type: str
    proposed_fen: int
    now_fen: int
    then_fen: int


def try_rule(
    *, viewer: Viewer, terms: RuleTerms, replaces: int | None, today: date, limit: int = 50
) -> list[Tried]:
    """The newest claims as if they had happened today. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rules = running_rules()
    then = [rule for rule in rules if rule.id != replaces] + [replace(terms, id=0)]
    past = Claim.objects.filter(within_scope(viewer, "case__outlet__code")).select_related("case")
    found = []
    for claim in past.order_by("-id")[:limit]:
        facts = replace(_facts(claim), on=max(today, terms.valid_from))
        now_fen, then_fen = propose(facts, rules).amount_fen, propose(facts, then).amount_fen
        found.append(Tried(claim.case.case_no, claim.loss_type, claim.amount_fen, now_fen, then_fen))
    return found


def _facts(claim: Claim) -> LossFacts:
    said = dict(claim.proposals.order_by("-number").values_list("facts", flat=True)[0])
    return LossFacts(**{**said, "on": date.fromisoformat(said["on"])})
