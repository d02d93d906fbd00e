"""Interceptions read: what a case's page shows, and how many of them succeed (拦截成功率)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from yishi.cases.models.interceptions import Interception
from yishi.cases.queries.sight import in_sight
from yishi.cases.rules.interceptions import State
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.stops import HeldBack, held_back


@dataclass(frozen=True, kw_only=True)
class InterceptionCard:
    """One attempt to stop a parcel; `held` are the scanners that were refused, the newest first.

    `address` is in full: pages show it to who has the case.
    """

    id: int
    asked: str
    address: str
    state: str
    why: str
    holder: str
    outlet_name: str
    courier: str
    until: datetime | None
    asked_at: datetime
    asked_by_name: str
    carried_on_at: datetime | None
    ended_at: datetime | None
    is_held: bool
    task_id: int | None
    held: tuple[HeldBack, ...]

    @property
    def is_running(self) -> bool:
        return self.state == State.RUNNING


@dataclass(frozen=True)
class Success:
    """拦截成功率: of the interceptions asked in [since, until) that could still be made and have a result,
    how many were stopped. What was too late when it was asked, or withdrawn, is counted beside it."""

    since: datetime
    until: datetime
    stopped: int
    missed: int
    refused: int
    too_late: int
    withdrawn: int
    running: int

    @property
    def decided(self) -> int:
        """The denominator."""
        return self.stopped + self.missed + self.refused

    @property
    def rate(self) -> float | None:
        return self.stopped / self.decided if self.decided else None


def interception_of_case(case_id: int) -> InterceptionCard | None:
    """The newest interception of a case got through its door."""
    rows = Interception.objects.filter(case_id=case_id).select_related("outlet", "asked_by")
    row = rows.order_by("-pk").first()
    if row is None:
        return None
    return InterceptionCard(
        id=row.pk,
        asked=row.asked,
        address=row.address,
        state=row.state,
        why=row.why,
        holder=row.holder,
        outlet_name=row.outlet.name if row.outlet else "",
        courier=row.courier,
        until=row.until,
        asked_at=row.asked_at,
        asked_by_name=row.asked_by.name if row.asked_by else "",
        carried_on_at=row.carried_on_at,
        ended_at=row.ended_at,
        is_held=row.stop_id is not None and row.freed_at is None,
        task_id=row.task_id,
        held=tuple(held_back([row.stop_id])) if row.stop_id else (),
    )


def interception_success(*, viewer: Viewer, since: datetime, until: datetime) -> Success:
    """拦截成功率 of the cases in sight, by when it was asked. Raises NotAllowed."""
    require(viewer, Permission.CASE_READ)
    asked = Interception.objects.filter(in_sight(viewer, "case"), asked_at__gte=since, asked_at__lt=until)
    counts = asked.aggregate(
        **{state.value.lower(): Count("pk", filter=Q(state=state.value), distinct=True) for state in State}
    )
    return Success(since=since, until=until, **counts)
