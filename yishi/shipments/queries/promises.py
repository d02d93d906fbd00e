"""The operator's promises: the rules that hold, and the list with its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.promises import PromiseRule
from yishi.shipments.rules.promises import PromiseTerms


@dataclass(frozen=True)
class PromiseLine:
    """One rule as its page lists it; `state` is RUNNING, COMING or ENDED."""

    id: int
    terms: PromiseTerms
    state: str
    added_at: datetime
    added_by: str
    ended_at: datetime | None
    ended_by: str


def running_rules() -> Sequence[tuple[int, PromiseTerms]]:
    """The rules that have not been ended, each with its number; their dates are theirs to say."""
    return [(row.pk, terms_of(row)) for row in PromiseRule.objects.filter(ended_at__isnull=True)]


def list_promise_rules(*, viewer: Viewer, today: date) -> list[PromiseLine]:
    """Every rule there was, those that hold first. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = PromiseRule.objects.order_by("-valid_from", "-id")
    lines = [
        PromiseLine(r.pk, terms_of(r), _state(r, today), r.added_at, r.added_by, r.ended_at, r.ended_by)
        for r in rows
    ]
    return sorted(lines, key=lambda line: ("RUNNING", "COMING", "ENDED").index(line.state))


def _state(row: PromiseRule, today: date) -> str:
    if row.ended_at is not None or (row.valid_until is not None and row.valid_until < today):
        return "ENDED"
    return "COMING" if row.valid_from > today else "RUNNING"


def terms_of(row: PromiseRule) -> PromiseTerms:
    """What a stored rule says."""
    return PromiseTerms(
        carrier=row.carrier,
        product=row.product,
        origin=row.origin,
        destination=row.destination,
        within_hours=row.within_hours,
        days=row.days,
        clock=row.clock,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        source=row.source,
    )
