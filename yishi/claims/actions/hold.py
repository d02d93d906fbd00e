"""What every verb about a claim does first and last: hold its case, then itself; write the history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yishi.cases.actions.hold import hold_case
from yishi.cases.actions.money import note_money
from yishi.cases.models.case import Case
from yishi.claims.models.claim import Claim, Proposal
from yishi.kit.errors import Invalid, NotFound, Refusal, Stale
from yishi.people.rules import Viewer

MAX_WORDS = 2000


class ClaimMoved(Refusal):
    """理赔已经走到下一步，看一眼最新的再办"""

    code = "claim_moved"


def hold_claim(
    *, claim_id: int, version: int | None = None, states: frozenset[str] | None = None
) -> tuple[Case, Claim]:
    """The case and its claim, locked in this order. Raises NotFound, Stale, ClaimMoved (another state)."""
    case_id = Claim.objects.filter(pk=claim_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound()
    case = hold_case(case_id=case_id)
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    if version is not None and version != claim.version:
        raise Stale()
    if states is not None and claim.state not in states:
        raise ClaimMoved()
    return case, claim


def newest_proposal(claim: Claim) -> Proposal:
    return claim.proposals.get(number=claim.number)


def keep(claim: Claim, *fields: str) -> None:
    """Writes the changed fields and raises the version."""
    claim.version += 1
    claim.save(update_fields=[*fields, "version"])


def tell(
    case: Case,
    kind: str,
    *,
    by: Viewer | None,
    at: datetime,
    public: Mapping[str, Any] | None = None,
    inside: Mapping[str, Any] | None = None,
    text: str = "",
) -> None:
    """The line in the case's history: for the person, for the house, or one for each.

    `text` is somebody's own words: the consumer's are public, staff's stay inside.
    """
    said = {"text": text} if by is None else {}
    if public is not None:
        note_money(case=case, kind=kind, is_public=True, by=by, at=at, data=public, **said)
    if inside is not None:
        note_money(case=case, kind=kind, is_public=False, by=by, at=at, text=text, data=inside)


def words(said: str, pointer: str, *, is_required: bool = True) -> str:
    """A reason as it is kept. Raises Invalid where it is missing or too long."""
    kept = said.replace("\x00", "").strip()
    if is_required and not kept:
        raise Invalid([(pointer, "missing_field", "写一句为什么")])
    if len(kept) > MAX_WORDS:
        raise Invalid([(pointer, "too_long", "最多 2,000 字")])
    return kept
