"""Incidents opened, opened again and closed: set-wise, after what the rules found."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from yishi.detection.actions.hold_out import group_of, running_shares
from yishi.detection.facts import IncidentClosed, IncidentOpened
from yishi.detection.models.incidents import Incident
from yishi.detection.queries.events import declared_of
from yishi.detection.queries.parcels import Watched
from yishi.detection.rules.avoided import WITHIN, Arm
from yishi.detection.rules.events import DECLARED, HELD_UP
from yishi.detection.rules.kinds import Finding, Party
from yishi.detection.rules.playbooks import (
    GIVEN_UP,
    SEVERITY,
    STALE,
    STORM_WITHIN,
    Step,
    is_storm,
    steps_of,
)
from yishi.detection.rules.settings import Params
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor

Key = tuple[int, str, str]
Place = tuple[str, str]
# mass incidents by the place of a storm, declared ones by each parcel that they hold up
Holders = Mapping[Place | int, Incident]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding about a parcel, and the parameters it was found by."""

    watched: Watched
    finding: Finding
    params: Params

    @property
    def key(self) -> Key:
        return self.watched.shipment_id, self.finding.kind.value, self.finding.cause

    @property
    def place(self) -> str:
        """Where a storm of such would be: the place of the finding, else the outlet."""
        return self.finding.cause or self.watched.parcel.outlet


def settle_incidents(*, shipment_ids: Sequence[int], found: Iterable[Found], at: datetime) -> None:
    """Makes the incidents of these parcels what was found: opens, opens again, closes, and changes words.

    The caller holds the parcels' inspections. Announces IncidentOpened and IncidentClosed, never for shadow.
    """
    wanted = {one.key: one for one in found}
    rows = Incident.objects.filter(shipment_id__in=list(shipment_ids))
    known: dict[Key, Incident] = {(row.shipment_id or 0, row.kind, row.cause): row for row in rows}
    over = [row for key, row in known.items() if row.closed_at is None and key not in wanted]
    _close(over, at)
    new = [
        one for key, one in sorted(wanted.items()) if key not in known and at - one.finding.since <= GIVEN_UP
    ]
    again = [(row, wanted[key]) for key, row in known.items() if key in wanted and row.closed_at is not None]
    masses = _holders([*new, *(one for _, one in again)], at)
    _open(new, masses, at)
    _reopen(again, masses, at)
    _renew([(row, wanted[key]) for key, row in known.items() if key in wanted and row.closed_at is None])


def _close(rows: Sequence[Incident], at: datetime) -> None:
    if not rows:
        return
    Incident.objects.filter(pk__in=[row.pk for row in rows]).update(closed_at=at)
    for row in rows:
        if not row.is_shadow:
            announce(IncidentClosed(incident_id=row.pk, shipment_id=row.shipment_id, kind=row.kind, at=at))
    for mass in _left_empty({row.mass_id for row in rows if row.mass_id is not None}):
        Incident.objects.filter(pk=mass.pk).update(closed_at=at)
        announce(IncidentClosed(incident_id=mass.pk, shipment_id=None, kind=mass.kind, at=at))


def _left_empty(mass_ids: set[int]) -> list[Incident]:
    if not mass_ids:
        return []
    full = Incident.objects.filter(mass_id__in=mass_ids, closed_at__isnull=True).values("mass_id")
    return list(
        Incident.objects.filter(pk__in=mass_ids, closed_at__isnull=True).exclude(
            Q(pk__in=full) | Q(reason=DECLARED)
        )
    )


def _open(new: Sequence[Found], masses: Holders, at: datetime) -> None:
    rows = [_row(one, masses, at) for one in new]
    shares = running_shares({one.finding.kind for one in new})
    for row, one in zip(rows, new, strict=True):
        if row.kind in shares and not row.is_shadow and Step.TELL in row.steps:
            row.arm = group_of(one.watched.waybill_no, shares[row.kind]).value
            if row.arm == Arm.HELD_OUT:
                row.steps.remove(Step.TELL)
    Incident.objects.bulk_create(rows)
    for row in rows:
        _say_opened(row, is_again=False, at=at)


def _row(one: Found, masses: Holders, at: datetime) -> Incident:
    finding, mass = one.finding, _holder(one, masses)
    return Incident(
        shipment_id=one.watched.shipment_id,
        kind=finding.kind.value,
        cause=finding.cause,
        party=finding.party.value,
        certainty=finding.certainty.value,
        reason=finding.reason,
        values=dict(finding.values),
        courier_number=finding.courier,
        outlet_id=one.watched.outlet_id,
        place=one.place,
        severity=SEVERITY[finding.kind],
        since=finding.since,
        opened_at=at,
        is_shadow=one.params.is_shadow,
        setting_id=one.params.setting_id,
        mass=mass,
        steps=_steps(one, mass, at),
    )


def _steps(one: Found, mass: Incident | None, at: datetime) -> list[str]:
    """A parcel in a storm gives nobody a task of its own: the mass incident does; of a declared event its
    consignee has heard. Old news moves nobody."""
    if at - one.finding.since > STALE or (mass is not None and mass.reason == DECLARED):
        return []
    steps = steps_of(one.finding.kind, one.params.steps)
    return [step.value for step in steps if mass is None or step is not Step.TASK]


def _reopen(again: Sequence[tuple[Incident, Found]], masses: Holders, at: datetime) -> None:
    for row, one in again:
        fresh = _row(one, masses, at)
        fresh.pk, fresh.case_no, fresh.opened_at, fresh.arm = row.pk, row.case_no, row.opened_at, row.arm
        if row.arm == Arm.HELD_OUT and at < row.opened_at + WITHIN and Step.TELL in fresh.steps:
            # nobody is told while it is still being counted
            fresh.steps.remove(Step.TELL)
        fresh.reopened_at, fresh.times_reopened = at, row.times_reopened + 1
        fresh.save()
        _say_opened(fresh, is_again=True, at=at)


def _renew(pairs: Sequence[tuple[Incident, Found]]) -> None:
    """What is known meanwhile: another reason, more certainty; hours are counted by the pages."""
    changed = []
    for row, one in pairs:
        said = (one.finding.party.value, one.finding.certainty.value, one.finding.reason)
        if (row.party, row.certainty, row.reason) != said:
            row.party, row.certainty, row.reason = said
            row.values = dict(one.finding.values)
            changed.append(row)
    if changed:
        Incident.objects.bulk_update(changed, ["party", "certainty", "reason", "values"])


def _say_opened(row: Incident, *, is_again: bool, at: datetime) -> None:
    if not row.is_shadow:
        announce(
            IncidentOpened(
                incident_id=row.pk, shipment_id=row.shipment_id, kind=row.kind, is_again=is_again, at=at
            )
        )


def _place(one: Found) -> Place:
    return one.finding.kind.value, one.place


def _holders(found: Sequence[Found], at: datetime) -> Holders:
    """What holds these: an event that somebody declared; else a storm, where there is one."""
    held = {one.watched.shipment_id for one in found if one.finding.kind in HELD_UP}
    declared = declared_of(held) if held else {}
    others = [one for one in found if one.watched.shipment_id not in declared]
    return dict([*declared.items(), *_masses(others, at).items()])


def _holder(one: Found, masses: Holders) -> Incident | None:
    if one.params.is_shadow:
        return None
    declared = masses.get(one.watched.shipment_id) if one.finding.kind in HELD_UP else None
    return declared or masses.get(_place(one))


def _masses(found: Sequence[Found], at: datetime) -> dict[Place, Incident]:
    """The mass incidents that hold these: where so many alike came at one place in a short time."""
    counts = Counter(_place(one) for one in found if one.place and not one.params.is_shadow)
    if not counts:
        return {}
    recent = Incident.objects.filter(
        closed_at__isnull=True,
        is_shadow=False,
        shipment__isnull=False,
        opened_at__gt=at - STORM_WITHIN,
        kind__in={kind for kind, _ in counts},
        place__in={place for _, place in counts},
    )
    alike = {(r["kind"], r["place"]): r["n"] for r in recent.values("kind", "place").annotate(n=Count("pk"))}
    masses = {}
    for key, count in sorted(counts.items()):
        if is_storm(count + alike.get(key, 0)):
            first = next(one for one in found if _place(one) == key)
            masses[key] = _mass(first, count, at)
    return masses


_MASS = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def _mass(first: Found, count: int, at: datetime) -> Incident:
    """The mass incident of such findings, opened where there is none; it counts those that it holds."""
    kind, place = _place(first)
    hot_cursor().execute(_MASS, [f"mass|{kind}|{place}"], prepare=True)
    running = Incident.objects.filter(
        shipment__isnull=True, kind=kind, place=place, closed_at__isnull=True
    ).first()
    if running is not None:
        Incident.objects.filter(pk=running.pk).update(held=F("held") + count)
        return running
    row = _row(first, {}, at)
    row.shipment_id, row.courier_number, row.cause, row.values = None, "", "", {}
    row.party, row.reason, row.held = Party.CARRIER.value, "many_alike", count
    row.steps = [Step.TASK.value] if at - first.finding.since <= STALE else []
    row.save()
    _say_opened(row, is_again=False, at=at)
    return row


def note_case(*, incident_id: int, case_no: str) -> None:
    """The outlet's task about this incident is that case."""
    Incident.objects.filter(pk=incident_id).update(case_no=case_no)


def move_task(*, old_no: str, new_no: str) -> None:
    """A task has gone into the case of a person: that one stands for its incidents."""
    Incident.objects.filter(case_no=old_no).update(case_no=new_no)
