"""A courier's parcels with all that he must know before he rings, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.cases.queries.at_courier import open_cases_of
from yishi.cases.queries.cards import CaseLine
from yishi.consignees.queries import SaidWish, wishes_of_contacts
from yishi.consignees.rules import is_for
from yishi.detection.queries.incidents import IncidentLine, open_incidents_of
from yishi.detection.queries.risks import RiskLine, risks_of
from yishi.kit.errors import NotFound, Refusal
from yishi.network.queries import Rounds
from yishi.shipments.queries.choices import Chosen, choices_of
from yishi.shipments.queries.rounds import OutParcel, count_done, is_done, list_day, list_out, order_of
from yishi.shipments.rules.choices import HOME, TIME, overruled
from yishi.shipments.rules.special import FRESH, FRESH_BEFORE, VALUABLE, special_of
from yishi.web.courier.words import SPECIAL, WISHES, Mark

_LAST = datetime.max.replace(tzinfo=ZoneInfo("UTC"))


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One parcel of today with its wishes, troubles and cases."""

    parcel: OutParcel
    said: list[SaidWish]
    incidents: list[IncidentLine]
    cases: list[CaseLine]
    special: tuple[str, ...]
    is_late: bool
    risk: RiskLine | None = None

    @property
    def wishes(self) -> list[tuple[Mark, str]]:
        """Wishes in words, each with what belongs to it (a time)."""
        return [(WISHES[one.kind], one.value) for one in self.said if one.kind in WISHES]

    @property
    def marks(self) -> list[Mark]:
        return [SPECIAL[kind] for kind in self.special]

    @property
    def is_elder(self) -> bool:
        return any(one.kind == "VOICE_CALL" for one in self.said)

    @property
    def calls_first(self) -> bool:
        """Ring before going up: who asked for it, and whoever is called rather than written to."""
        return any(one.kind in ("CALL_FIRST", "VOICE_CALL") for one in self.said)

    @property
    def matters(self) -> bool:
        """Whether it is one of the few that this page is for; the rest stays on the brand's device."""
        found = (self.said, self.incidents, self.cases, self.special, self.is_late)
        return any(found) or (self.risk is not None and self.risk.is_high)

    @property
    def is_done(self) -> bool:
        """Whether it was handed over meanwhile."""
        return is_done(self.parcel)

    @property
    def urgency(self) -> int:
        """What comes first: fresh, late, what was found, a case, the elderly, valuable, wishes."""
        found = [0]
        found += [100] if FRESH in self.special else []
        found += [90] if self.is_late else []
        found += [40 + 8 * one.severity for one in self.incidents]
        found += [75] if self.risk and self.risk.is_high else []
        found += [70] if self.cases else []
        found += [60] if self.is_elder else []
        found += [50] if VALUABLE in self.special else []
        found += [40] if self.said else []
        return max(found)

    @property
    def due_at(self) -> datetime | None:
        """By when it must be there: fresh goods by ten, else as promised."""
        if FRESH not in self.special:
            return self.parcel.promised_at
        zone = ZoneInfo(settings.TIME_ZONE)
        ten = datetime.combine(self.parcel.out_at.astimezone(zone).date(), FRESH_BEFORE, zone)
        return min(ten, self.parcel.promised_at or ten)

    @property
    def promise(self) -> "Promise | None":
        """The same as a clock that runs since it went out."""
        return Promise(self.parcel.out_at, self.due_at) if self.due_at else None


@dataclass(frozen=True)
class Promise:
    """What a ring is drawn of."""

    started_at: datetime
    due_at: datetime


def day_began(at: datetime) -> datetime:
    """Midnight here."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime.combine(at.astimezone(zone).date(), time(0), zone)


def stops_of(rounds: Rounds, *, user_id: int | None, at: datetime) -> list[Stop]:
    """All that is out with him today, in his own order, else the most urgent first; eight statements however
    many there are."""
    out = list_out(outlet_id=rounds.outlet_id, numbers=rounds.numbers, since=day_began(at))
    own = order_of(user_id=user_id, day=day_began(at).date()) if user_id is not None else []
    place = {number: index for index, number in enumerate(own)}
    # what came after he had put them in order stands behind, the most urgent of it first
    return sorted(
        _stops(out, at),
        key=lambda s: (
            place.get(s.parcel.waybill_no, len(place)), -s.urgency, s.due_at or _LAST, s.parcel.waybill_no,
        ),
    )  # fmt: skip


def done_of(rounds: Rounds, *, at: datetime) -> int:
    """How many he has handed over today."""
    return count_done(outlet_id=rounds.outlet_id, numbers=rounds.numbers, since=day_began(at))


def access_stop(rounds: Rounds, waybill_no: str, *, at: datetime) -> Stop:
    """The courier's door to a parcel: it is out with him. Raises NotFound, also once it is delivered."""
    out = list_out(outlet_id=rounds.outlet_id, numbers=rounds.numbers, since=day_began(at))
    found = [parcel for parcel in out if parcel.waybill_no == waybill_no]
    if not found:
        raise NotFound()
    return _stops(found[:1], at)[0]


class NotYoursNow(Refusal):
    """这一件现在不在你名下，可能已经改派；照片和记录都在手机里，告诉网点"""

    code = "not_yours_now"


class DoneAlready(Refusal):
    """这一件已经记为送到；记错了，请网点改"""

    code = "done_already"


def stop_of_deed(rounds: Rounds, waybill_no: str, *, made_at: datetime, at: datetime) -> Stop:
    """The parcel of a deed, also once it has been handed over since. Raises NotYoursNow."""
    since = day_began(min(made_at, at))
    found = list_day(outlet_id=rounds.outlet_id, numbers=rounds.numbers, waybill_no=waybill_no, since=since)
    if not found:
        raise NotYoursNow()
    return _stops(found[:1], at)[0]


def _stops(parcels: Sequence[OutParcel], at: datetime) -> list[Stop]:
    ids = [parcel.shipment_id for parcel in parcels]
    people = {parcel.consignee_id for parcel in parcels if parcel.consignee_id is not None}
    wishes, choices = wishes_of_contacts(people, at=at), choices_of(ids, at=at)
    incidents, cases, risks = open_incidents_of(ids), open_cases_of(ids), risks_of(ids)
    return [
        Stop(
            parcel=parcel,
            said=said_of(_wishes_here(parcel, wishes), choices.get(parcel.shipment_id)),
            incidents=incidents.get(parcel.shipment_id, []),
            cases=cases.get(parcel.shipment_id, []),
            special=special_of(
                goods=parcel.goods,
                handling=parcel.handling,
                declared_value_fen=parcel.declared_value_fen,
                is_insured=parcel.is_insured,
            ),
            is_late=parcel.promised_at is not None and parcel.promised_at < at,
            risk=risks.get(parcel.shipment_id),
        )
        for parcel in parcels
    ]


def _wishes_here(parcel: OutParcel, wishes: Mapping[int, list[SaidWish]]) -> list[SaidWish]:
    """The person's wishes that are meant at this door."""
    return [one for one in wishes.get(parcel.consignee_id or 0, ()) if is_for(one.address, parcel.address)]


def said_of(wishes: Sequence[SaidWish], choice: Chosen | None) -> list[SaidWish]:
    """What counts at this door: what was chosen for this very parcel first, instead of what it overrules."""
    if choice is None:
        return list(wishes)
    kind = "TIME_WINDOW" if choice.kind == TIME else choice.kind
    value = _agreed(choice) if choice.kind == TIME else choice.named or choice.station
    gone = overruled(choice.kind, [one.kind for one in wishes])
    own = SaidWish(kind, value, "CONSUMER", choice.chosen_at)
    rest = [one for one in wishes if one.kind not in gone and (one.kind != kind or choice.kind == HOME)]
    return [own, *rest]


def _agreed(choice: Chosen) -> str:
    if choice.from_at is None or choice.until_at is None:
        return ""
    zone = ZoneInfo(settings.TIME_ZONE)
    first, last = choice.from_at.astimezone(zone), choice.until_at.astimezone(zone)
    return f"{first:%m-%d %H:%M}–{last:%H:%M}"
