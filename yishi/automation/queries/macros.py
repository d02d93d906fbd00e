"""Macros that somebody can use, and how a bulk stands."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from yishi.automation.models.macros import Bulk, BulkRow, BulkState, Macro, MacroScope
from yishi.automation.rules.steps import Step, read_steps
from yishi.kit.errors import NotFound
from yishi.kit.phrases import say
from yishi.people.rules import Permission, Viewer

MOST = 100


@dataclass(frozen=True, kw_only=True)
class MacroCard:
    id: int
    name: str
    steps: tuple[Step, ...]
    categories: Sequence[str]
    scope: str
    outlet_code: str
    outlet_name: str
    owner_name: str
    used: int
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class RowCard:
    """A case of a bulk, or a parcel for which one is opened: then the case is empty until it is."""

    case_no: str
    category: str
    status: str
    waybill_no: str
    state: str
    says: str


@dataclass(frozen=True, kw_only=True)
class BulkCard:
    """A bulk as its page shows it; `counts` by state of a row."""

    key: uuid.UUID
    name: str
    steps: tuple[Step, ...]
    state: str
    opens: str
    asked_at: datetime
    rows: list[RowCard]
    counts: Mapping[str, int]
    total: int

    @property
    def is_busy(self) -> bool:
        return self.state in (BulkState.CHECKING, BulkState.RUNNING, BulkState.UNDOING)

    @property
    def may_undo(self) -> bool:
        """Giving a case to somebody can be taken back; what people have read cannot."""
        is_given = [step.do for step in self.steps] == ["assign"]
        return self.state == BulkState.DONE and is_given and not self.opens


def macros_of(viewer: Viewer) -> QuerySet[Macro]:
    """One's own, those of one's outlets, and the operator's; none that was taken out of use."""
    outlets = Q(scope=MacroScope.OUTLET)
    if viewer.outlet_codes is not None:
        outlets &= Q(outlet__code__in=sorted(viewer.outlet_codes))
    own = Q(scope=MacroScope.PERSONAL, owner_id=viewer.user_id or 0)
    return Macro.objects.filter(own | outlets | Q(scope=MacroScope.OPERATOR), archived_at__isnull=True)


def list_macros(viewer: Viewer, *, category: str = "") -> list[MacroCard]:
    """What this viewer can use, the most used first; with a category only what fits it."""
    rows = macros_of(viewer).select_related("outlet", "owner").order_by("-used", "name")[:MOST]
    return [_card(row, viewer) for row in rows if not category or _fits(row, category)]


def _fits(row: Macro, category: str) -> bool:
    return not row.categories or category in row.categories


def access_macro(*, viewer: Viewer, macro_id: int) -> MacroCard:
    """One of those. Raises NotFound."""
    row = macros_of(viewer).select_related("outlet", "owner").filter(pk=macro_id).first()
    if row is None:
        raise NotFound()
    return _card(row, viewer)


def _card(row: Macro, viewer: Viewer) -> MacroCard:
    return MacroCard(
        id=row.pk,
        name=row.name,
        steps=read_steps(row.steps),
        categories=row.categories,
        scope=row.scope,
        outlet_code=row.outlet.code if row.outlet else "",
        outlet_name=row.outlet.name if row.outlet else "",
        owner_name=row.owner.name,
        used=row.used,
        may_change=row.scope != MacroScope.OPERATOR or viewer.may(Permission.POLICY_MANAGE),
    )


def access_bulk(*, viewer: Viewer, key: uuid.UUID) -> BulkCard:
    """One's own bulk. Raises NotFound for anybody else's."""
    bulk = Bulk.objects.select_related("macro").filter(key=key, by_id=viewer.user_id or 0).first()
    if bulk is None:
        raise NotFound()
    rows = BulkRow.objects.filter(bulk=bulk)
    counted: dict[str, Any] = dict(rows.values_list("state").annotate(Count("id")).order_by("state"))
    lines = rows.order_by("place").values_list(
        "case__case_no", "case__category", "case__status", "waybill_no", "state", "says", "said"
    )
    return BulkCard(
        key=bulk.key,
        name=bulk.macro.name if bulk.macro else "",
        steps=read_steps(bulk.steps),
        state=bulk.state,
        opens=bulk.opens,
        asked_at=bulk.asked_at,
        rows=[
            RowCard(
                case_no=case_no or "",
                category=category or bulk.opens,
                status=status or "",
                waybill_no=waybill_no,
                state=state,
                says=say(said) or says,
            )
            for case_no, category, status, waybill_no, state, says, said in lines
        ],
        counts=counted,
        total=sum(counted.values()),
    )
