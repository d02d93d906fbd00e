"""Interceptions read: what a case's page shows, and how many of them succeed (拦截成功率)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Min, Q

from yishi.cases.models.interceptions import Interception
from yishi.cases.queries.sight import in_sight
from yishi.cases.rules.interceptions import Chance, CutOffs, Known, State, chance_of, next_of
from yishi.network.queries import list_outlets
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.stops import HeldBack, Standing, held_back, standing_of


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


MOST_LISTED = 200


@dataclass(frozen=True, kw_only=True)
class InterceptionLine:
    """One interception in a list: which case and parcel, who must act until when, how it came out."""

    case_no: str
    waybill_no: str
    asked: str
    state: str
    why: str
    holder: str
    outlet_name: str
    until: datetime | None
    asked_at: datetime
    ended_at: datetime | None


def list_interceptions(
    *, viewer: Viewer, state: str, since: datetime | None = None, until: datetime | None = None
) -> list[InterceptionLine]:
    """Those in sight in a state: what runs by its latest moment, what is over the newest first, at most 200;
    with `since` and `until` just those that the rate counts. Raises NotAllowed."""
    require(viewer, Permission.CASE_READ)
    rows = Interception.objects.filter(in_sight(viewer, "case"), state=state).distinct()
    if since is not None:
        rows = rows.filter(asked_at__gte=since)
    if until is not None:
        rows = rows.filter(asked_at__lt=until)
    order = [F("until").asc(nulls_last=True), "pk"] if state == State.RUNNING else ["-asked_at", "-pk"]
    return [
        InterceptionLine(
            case_no=row.case.case_no,
            waybill_no=row.case.waybill_no,
            asked=row.asked,
            state=row.state,
            why=row.why,
            holder=row.holder,
            outlet_name=row.outlet.name if row.outlet else "",
            until=row.until,
            asked_at=row.asked_at,
            ended_at=row.ended_at,
        )
        for row in rows.select_related("case", "outlet").order_by(*order)[:MOST_LISTED]
    ]


@dataclass(frozen=True)
class OutletCutOff:
    """Until when an outlet can still stop what it holds: before its next departure, before its next round;
    `running` parcels wait for it to act, the most pressing until `soonest`."""

    name: str
    departs_at: datetime
    round_at: datetime
    running: int
    soonest: datetime | None


def outlet_cut_offs(*, viewer: Viewer, at: datetime) -> list[OutletCutOff]:
    """The outlets in sight, whoever is pressed most first. Departures and rounds are the operator's."""
    require(viewer, Permission.CASE_READ)
    habits = cut_offs()
    departs, goes_round = next_of(habits.departs, zone(), at), next_of(habits.rounds, zone(), at)
    waits = Interception.objects.filter(state=State.RUNNING, outlet__isnull=False).values_list("outlet_id")
    counted = waits.annotate(running=Count("pk"), soonest=Min("until"))
    found = {outlet_id: (running, soonest) for outlet_id, running, soonest in counted}
    rows = [
        OutletCutOff(place.name, departs, goes_round, *found.get(place.id, (0, None)))
        for place in list_outlets(viewer)
    ]
    return sorted(rows, key=lambda row: (row.soonest is None, row.soonest or at, row.name))


def chance_for(shipment_id: int, *, at: datetime) -> Chance:
    """Whether this parcel can still be stopped, by whom and until when. Raises NotFound."""
    return chance_of(known_of(standing_of(shipment_id, at=at)), cut_offs(), zone=zone(), at=at)


def is_being_stopped(shipment_id: int) -> bool:
    """Whether somebody asked for it already and the parcel is not free again."""
    return Interception.objects.filter(shipment_id=shipment_id, freed_at__isnull=True).exists()


def known_of(standing: Standing) -> Known:
    """What its rules need of a parcel."""
    return Known(
        milestone=standing.milestone,
        kind=standing.kind,
        moved_at=standing.moved_at,
        outlet_id=standing.outlet_id,
        origin_id=standing.origin_id,
        destination_id=standing.destination_id,
        courier=standing.courier,
        eta=standing.eta,
    )


def cut_offs() -> CutOffs:
    """The operator's habits, as set."""
    said = settings.ENVIRONMENT
    return CutOffs(said.departs_at, said.rounds_at, timedelta(minutes=said.stop_within_minutes))


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
