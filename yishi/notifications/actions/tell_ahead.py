"""The message ahead itself, and the one honest word when its window slips: two a day at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from yishi.consignees.queries import notice_wish, wishes_of_contacts
from yishi.consignees.rules import NoticeWish, after_quiet
from yishi.notifications.actions.ahead import ABOUT, AHEAD, token_of
from yishi.notifications.actions.chains import Told, queue_chain
from yishi.notifications.actions.queue import Kind, operator_name, zone
from yishi.notifications.models import AheadNote, AheadParcel
from yishi.notifications.queries.ahead import channels_of, shipments_of
from yishi.notifications.queries.letters import part, short_moment
from yishi.notifications.queries.reach import ways_to
from yishi.notifications.rules import ELDER, Way, by_daylight
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.queries.arrival import windows_of
from yishi.shipments.queries.choices import Chosen, choices_of
from yishi.shipments.rules.arrival import Round
from yishi.shipments.rules.choices import TIME
from yishi.shipments.rules.special import FRESH, VALUABLE, special_of
from yishi.shipments.rules.visits import Visit, another, visits_after

MOST_SLIPS = 2
OFFERED_DAYS = 2
"""Another time is offered today and tomorrow."""


@dataclass(frozen=True)
class _When:
    from_at: datetime
    until_at: datetime


@transaction.atomic
def look_at_due(*, at: datetime) -> bool:
    """Does what is due about one note: told, or told that it comes later; False when none is due."""
    due = AheadNote.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=at)
    note = due.order_by("due_at").first()
    if note is None:
        return False
    parcels = _still_out(note)
    wish = notice_wish(contact_id=note.contact_id, about=ABOUT)
    if not parcels or wish.channel == "NONE" or note.slips >= MOST_SLIPS:
        note.due_at = None
        note.save(update_fields=["due_at"])
        return True
    if note.told_at is None:
        _tell(note, parcels, wish, Kind.AHEAD, at)
    else:
        _look_again(note, parcels, wish, at)
    return True


def _still_out(note: AheadNote) -> list[Shipment]:
    """Its parcels that are with the courier now and of which no newer message speaks."""
    mine = AheadParcel.objects.filter(note=note)
    newer = AheadParcel.objects.filter(
        shipment_id__in=mine.values("shipment_id"), day__gt=note.day
    ).values_list("shipment_id", flat=True)
    rows = Shipment.objects.filter(
        pk__in=mine.values("shipment_id"), milestone="OUT_FOR_DELIVERY", merged_into__isnull=True
    ).exclude(pk__in=list(newer))
    return list(rows.select_related("details").order_by("pk"))


def _look_again(note: AheadNote, parcels: Sequence[Shipment], wish: NoticeWish, at: datetime) -> None:
    """Its window has ended. What he asked for himself holds until its own end."""
    agreed = _agreed(parcels, at)
    if agreed is not None:
        note.due_at = agreed.until_at
        note.save(update_fields=["due_at"])
        return
    note.slips += 1
    _tell(note, parcels, wish, Kind.AHEAD_SLIP, at)


def _agreed(parcels: Sequence[Shipment], at: datetime) -> _When | None:
    said = choices_of([row.pk for row in parcels], at=at).values()
    times = [one for one in said if one.kind == TIME and one.from_at and one.until_at]
    return _when(times) if times and len(times) == len(parcels) else None


def _when(times: Sequence[Chosen]) -> _When:
    return _When(min(t.from_at for t in times if t.from_at), max(t.until_at for t in times if t.until_at))


def _tell(note: AheadNote, parcels: Sequence[Shipment], wish: NoticeWish, kind: str, at: datetime) -> None:
    promised, due_at = note.until_at, by_daylight(after_quiet(at, wish, zone()), zone())
    when = _agreed(parcels, at) or _window(parcels, due_at)
    note.from_at, note.until_at, note.due_at = when.from_at, when.until_at, when.until_at
    note.told_at = note.told_at or at
    note.save(update_fields=["from_at", "until_at", "due_at", "told_at", "slips"])
    other = another_time(when.until_at, at)
    said = {
        "operator": operator_name(note.language),
        "about": _about(parcels, note.language),
        "window": day_window(when.from_at, when.until_at, note.language, due_at),
        "promised": short_moment(promised or at, note.language, zone()),
        "special": _special(parcels, note.language),
        "other": day_window(other.from_at, other.until_at, note.language, due_at) if other else "",
        "link": f"{settings.ENVIRONMENT.web_origin}/a/{token_of(note.pk)}",
    }
    told = Told(
        kind=kind,
        subject_kind=AHEAD,
        subject_id=str(note.pk),
        values=said,
        language=note.language,
        extra={
            "template": kind,
            "variables": {name: said[name] for name in ("operator", "window", "other")},
            "keys": ["1", "2", "3"],
            "other": other.key if other else "",
        },
    )
    queue_chain(told=told, ways=_ways(note, parcels, wish, at), at=at, due_at=due_at)


def _ways(note: AheadNote, parcels: Sequence[Shipment], wish: NoticeWish, at: datetime) -> tuple[Way, ...]:
    """Whoever asked to be called is called first, unless he chose another way for these messages since."""
    wishes = wishes_of_contacts([note.contact_id], at=at)[note.contact_id]
    is_elder = any(one.kind == "VOICE_CALL" for one in wishes)
    if is_elder and not wish.channel:
        return ways_to(note.contact_id, ELDER)
    order = channels_of(parcels[0].outlet_id)
    return ways_to(note.contact_id, order, chosen=wish.channel, own_email=wish.email)


def _window(parcels: Sequence[Shipment], at: datetime) -> _When:
    """One window for all of them: from the earliest to the latest."""
    said = windows_of([_round(row) for row in parcels], at=at)
    return _When(min(one.from_at for one in said), max(one.until_at for one in said))


def _round(row: Shipment) -> Round:
    district = row.details.district if hasattr(row, "details") else ""
    return Round(row.outlet_id, row.carrier, row.courier_number, district)


def another_time(after: datetime, at: datetime) -> Visit | None:
    """What a key on the telephone moves it to: the first time that is offered after the told window."""
    return another(visits_after(at, zone(), days=OFFERED_DAYS + 1), after=after)


def day_window(from_at: datetime, until_at: datetime, language: str, at: datetime) -> str:
    """今天 14:00–16:30, as somebody reads it who hears of it at `at`."""
    first, last = from_at.astimezone(zone()), until_at.astimezone(zone())
    hours = f"{first:%H:%M}–{last:%H:%M}"
    days = (first.date() - at.astimezone(zone()).date()).days
    if first.date() == last.date() and days in (0, 1):
        return part(("today", "tomorrow")[days], language, hours=hours)
    end = f"{last:%H:%M}" if first.date() == last.date() else short_moment(until_at, language, zone())
    return f"{short_moment(from_at, language, zone())}–{end}"


def _about(parcels: Sequence[Shipment], language: str) -> str:
    if len(parcels) == 1:
        return part("about_parcel", language, tail=parcels[0].waybill_no[-6:])
    return part("about_parcels", language, count=str(len(parcels)))


def _special(parcels: Sequence[Shipment], language: str) -> str:
    """What fresh and valuable goods want of whoever gets them; '' for all others."""
    found: set[str] = set()
    for row in parcels:
        if hasattr(row, "details"):
            said = row.details
            found |= set(
                special_of(
                    goods=said.goods, handling=said.handling or (), is_insured=bool(said.insured),
                    declared_value_fen=said.declared_value_fen,
                )
            )  # fmt: skip
    return "".join(part(f"ahead_{kind.lower()}", language) for kind in (FRESH, VALUABLE) if kind in found)


@transaction.atomic
def look_again_at(*, shipment_id: int, until_at: datetime | None, at: datetime) -> None:
    """Its person chose another time: no slip is told before that has passed."""
    for note in AheadNote.objects.select_for_update(of=("self",)).filter(
        parcels__shipment_id=shipment_id, told_at__isnull=False, due_at__isnull=False
    ):
        if until_at is not None and len(shipments_of(note.pk)) == 1:
            note.due_at = until_at
            note.save(update_fields=["due_at"])
