"""A parcel that nobody fetches: its person is reminded, rung, told that it goes back; by its rule."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound
from yishi.kit.facts import announce
from yishi.people.rules import Viewer
from yishi.stations.facts import StaysReminded
from yishi.stations.models.ladder import StayReminder
from yishi.stations.models.parcels import StationMove, StationParcel
from yishi.stations.queries.keeping import rule_of
from yishi.stations.queries.stations import INSIDE, StationCard, local
from yishi.stations.rules.ladder import RUNG, Step, first_ten, next_step, step_due

OUTCOMES = ("REACHED", "NO_ANSWER", "WRONG_NUMBER")
MOST_CALLS = 2
"""Who did not answer is rung once more, the next day."""


@transaction.atomic
def plan_reminder(*, parcel_id: int, at: datetime) -> None:
    """The next step of a stay from now on: after booking in, and anew when it is kept longer (whoever was to
    be rung is not any more). Nothing for a parcel that has gone."""
    stay = StationParcel.objects.filter(pk=parcel_id, state=INSIDE).first()
    if stay is None:
        return
    days = local(stay.booked_in_at), local(stay.keep_until)
    following = next_step(*days, rule_of(stay.station_id), after=at)
    due_at, step = following or (None, "")
    said = {"due_at": due_at, "step": step, "call_due_at": None, "calls": 0}
    StayReminder.objects.update_or_create(parcel_id=parcel_id, defaults=said)


@transaction.atomic
def take_due_steps(*, at: datetime, limit: int) -> int:
    """Takes the steps whose moment has come; how many. Parcels of one person are told of together."""
    due = StayReminder.objects.filter(due_at__lte=at).select_related("parcel__shipment").order_by("due_at")
    rows = list(due.select_for_update(of=("self",), skip_locked=True)[:limit])
    told: dict[tuple[int, bytes | int, Step], list[int]] = defaultdict(list)
    for row in rows:
        step = _take(row, at)
        if step is not None and step != Step.CALL:
            whose = bytes(row.parcel.phone_hash) if row.parcel.phone_hash else row.parcel.pk
            told[(row.parcel.station_id, whose, step)].append(row.parcel.pk)
    for (_station, _whose, step), parcel_ids in told.items():
        announce(StaysReminded(parcel_ids=tuple(sorted(parcel_ids)), step=step.value, at=at))
    return len(rows)


def _take(row: StayReminder, at: datetime) -> Step | None:
    """The step that was taken; None where nobody is to be told: it has gone, is stopped, or not wanted."""
    stay = row.parcel
    days = local(stay.booked_in_at), local(stay.keep_until), rule_of(stay.station_id)
    is_gone = stay.state != INSIDE
    is_at_rest = is_gone or stay.collect == StationParcel.Collect.NOT_WANTED.value
    is_at_rest = is_at_rest or stay.shipment.stops.filter(lifted_at__isnull=True).exists()
    step = step_due(*days, at=at)
    following = None if is_gone else next_step(*days, after=at)
    row.due_at, row.step = following or (None, "")
    if is_at_rest or step is None:
        row.save(update_fields=["due_at", "step"])
        return None
    if step in RUNG and row.call_due_at is None and not row.calls:
        row.call_due_at = at
    row.save(update_fields=["due_at", "step", "call_due_at"])
    if step != Step.CALL:
        StationMove.objects.create(parcel=stay, kind="REMINDED", at=at, moved_by="system", note=step.value)
    return step


@transaction.atomic
def note_call(*, card: StationCard, parcel_id: int, outcome: str, by: Viewer, at: datetime) -> None:
    """A keeper rang: it stands in the story; who did not answer is rung once more tomorrow.

    Raises NotFound where the parcel has gone, Invalid.
    """
    if outcome not in OUTCOMES:
        raise Invalid([("/outcome", "bad_value", "没有这个选项")])
    stay = StationParcel.objects.select_for_update().filter(pk=parcel_id, station_id=card.id, state=INSIDE)
    if not stay.exists():
        raise NotFound()
    row = StayReminder.objects.get_or_create(parcel_id=parcel_id)[0]
    row.calls += 1
    is_again = outcome == "NO_ANSWER" and row.calls < MOST_CALLS
    row.call_due_at = first_ten(local(at) + timedelta(hours=12)) if is_again else None
    row.save(update_fields=["calls", "call_due_at"])
    StationMove.objects.create(parcel_id=parcel_id, kind="CALLED", at=at, moved_by=by.label, note=outcome)
