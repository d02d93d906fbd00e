"""The same cause again: other people's trouble of one kind with one courier or at one outlet. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yishi.cases.rules.categories import CaseClass
from yishi.cases.rules.repeats import HIGHEST_PRIORITY, REPEAT_WITHIN, SOON_REPEAT_WITHIN, repeats

# one outlet hands out thousands of parcels a week: there a kind of trouble is a cause only when it comes in
# a row. Of one courier the first time again is one.
OUTLET_SOON, OUTLET_MONTH = 3, 10


class CauseBy(StrEnum):
    """What the cases have in common, the nearest first."""

    ROOT_CAUSE = "ROOT_CAUSE"
    COURIER = "COURIER"
    OUTLET = "OUTLET"


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A case of the same outlet before this one, of another person and parcel."""

    case_id: int
    opened_at: datetime
    is_same_kind: bool
    is_same_courier: bool
    root_cause: str = ""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """By what the cases belong together, the newest first; how many within 3 and 30 days before.

    `root_cause` is what was found to be behind most of them, where anything was.
    """

    by: CauseBy
    case_ids: tuple[int, ...]
    in_3_days: int
    in_30_days: int
    root_cause: str


def cause_of(
    earlier: Iterable[Earlier], *, case_class: str, root_cause: str = "", at: datetime
) -> Cause | None:
    """What a case opened at `at` has in common with others of its outlet; None where that says nothing.

    One found root cause goes before one courier, that before one outlet. Praise and questions have no cause.
    """
    if case_class in (CaseClass.PRAISE, CaseClass.ENQUIRY):
        return None
    recent = sorted(
        (one for one in earlier if timedelta(0) <= at - one.opened_at <= REPEAT_WITHIN),
        key=lambda one: (one.opened_at, one.case_id),
        reverse=True,
    )
    of_root = [one for one in recent if root_cause and one.root_cause == root_cause]
    kind = [one for one in recent if one.is_same_kind]
    of_courier = [one for one in kind if one.is_same_courier]
    soon = sum(at - one.opened_at <= SOON_REPEAT_WITHIN for one in kind)
    if of_root:
        return _cause(CauseBy.ROOT_CAUSE, of_root, at)
    if of_courier:
        return _cause(CauseBy.COURIER, of_courier, at)
    if soon >= OUTLET_SOON or len(kind) >= OUTLET_MONTH:
        return _cause(CauseBy.OUTLET, kind, at)
    return None


def _cause(by: CauseBy, found: list[Earlier], at: datetime) -> Cause:
    in_3_days, in_30_days = repeats((one.opened_at for one in found), at)
    known = Counter(one.root_cause for one in found if one.root_cause).most_common(1)
    return Cause(
        by=by,
        case_ids=tuple(one.case_id for one in found),
        in_3_days=in_3_days,
        in_30_days=in_30_days,
        root_cause=known[0][0] if known else "",
    )


def raised_by_cause(priority: int) -> int:
    """One more, the highest at most: others' trouble presses less than one's own again."""
    return min(priority + 1, HIGHEST_PRIORITY)
