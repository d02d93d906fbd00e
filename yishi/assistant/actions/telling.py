"""Tools that only tell: what the record says, never more. Each returns what it found; the policy says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.assistant.queries.policies import texts
from yishi.cases.queries.cards import CaseLine, list_cases_of_contact
from yishi.claims.queries.policy import running_rules
from yishi.claims.queries.worth import facts_of_case
from yishi.claims.rules.compensation import propose
from yishi.claims.rules.money import yuan
from yishi.consignees.queries import find_contact_ids
from yishi.detection.queries.events import event_of_parcel
from yishi.network.queries import (
    OutletCard,
    carrier_names,
    find_outlet_card,
    find_outlet_for_address,
    station_hours,
)
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.lines import (
    ParcelLine,
    list_own_parcels,
    list_public_lines,
)
from yishi.shipments.queries.public import PublicShipment, get_public_shipment
from yishi.sla.queries.clocks import clocks_of_case
from yishi.sla.queries.policies import shelf

_DAY = timedelta(days=1)
ARRIVED = frozenset({"DELIVERED", "AT_PICKUP_POINT", "RETURNED", "CANCELLED", "LOST"})


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What a tool knows of who asks. `phone` is the proven one where `is_proven`, else what he named and no
    more than that; `files` came with this matter, `new_files` with this message;
    `plain_text` is what he said without anything personal, `answer` what an article says to it."""

    conversation_id: int
    slots: Mapping[str, str]
    phone: str
    is_proven: bool
    proof: str
    language: str
    text: str
    at: datetime
    category: str = ""
    files: tuple[UUID, ...] = ()
    new_files: tuple[UUID, ...] = ()
    priority: int = 0
    plain_text: str = ""
    answer: str = ""

    @property
    def is_english(self) -> bool:
        return self.language == "en"


@dataclass(frozen=True)
class Done:
    """What came of it: `outcome` names the policy's words, `values` fill them. `action` is the contract's
    name of a change that was made (`is_ok`, `ref`); `parcels` are numbers to choose from."""

    outcome: str
    values: Mapping[str, str] = field(default_factory=dict)
    is_done: bool = True
    action: str = ""
    is_ok: bool = True
    ref: str = ""
    parcels: tuple[str, ...] = ()


def drawn(tool: str, done: Done, parcel: str) -> Mapping[str, Any]:
    """What pages draw under the answer of a tool."""
    return {"parcel": parcel} if done.is_done and tool == "explain_state" and parcel else {}


def redrawn(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same of a message that was said before; what else its line notes is left out."""
    return {"parcel": data["parcel"]} if "parcel" in data else {}


def moment(at: datetime, talk: Talk) -> str:
    """A moment as people here say it."""
    here = at.astimezone(ZoneInfo(settings.ENVIRONMENT.time_zone))
    if talk.is_english:
        return f"{here.day} {here:%b %H:%M}"
    return f"{here.month}月{here.day}日 {here:%H:%M}"


def words(group: str, name: str, talk: Talk) -> str:
    """A word of the assistant's own for a state or an event."""
    said = texts().get(f"{group}_{name}") or texts()[f"{group}_other"]
    return said[talk.language]


def parcel_of(talk: Talk) -> PublicShipment | None:
    """The parcel that is meant, as anybody with its number may see it."""
    number = talk.slots.get("parcel", "")
    return get_public_shipment(number, at=talk.at) if number else None


def values_of(parcel: PublicShipment, talk: Talk) -> dict[str, str]:
    """What texts may name of a parcel: nothing of any person."""
    last = parcel.events[-1] if parcel.events else None
    eta = parcel.eta_range
    said = {
        "waybill_no": parcel.waybill_no,
        "carrier": carrier_names().get(parcel.carrier, parcel.carrier),
        "state": words("state", parcel.milestone, talk),
        "last": "",
        "eta": "",
        "promised": "",
        "outlet": parcel.outlet_name or words("outlet", "unknown", talk),
        "outlet_phone": parcel.outlet_phone or words("phone", "unknown", talk),
    }
    if last is not None:
        said["last"] = texts()["last"][talk.language].format(
            at=moment(last.happened_at, talk), city=last.city, event=words("event", last.kind, talk)
        )
    if eta is not None and parcel.milestone not in ARRIVED:
        said["eta"] = texts()["eta"][talk.language].format(
            since=moment(eta.from_at, talk), until=moment(eta.until_at, talk)
        )
    event = event_of_parcel(parcel.shipment_id)
    if event is not None:
        said["eta"] = texts()["event"][talk.language].format(text=event.text, until=moment(event.until, talk))
    if parcel.promised_at is not None and parcel.milestone not in ARRIVED:
        said["promised"] = texts()["promised"][talk.language].format(at=moment(parcel.promised_at, talk))
    return said


def explain_state(talk: Talk) -> Done:
    """Where it is, and when it will come as far as the record shows; unknown is said to be unknown."""
    parcel = parcel_of(talk)
    if parcel is None:
        return Done("unknown", {"waybill_no": talk.slots.get("parcel", "")}, is_done=False)
    values = values_of(parcel, talk)
    if parcel.milestone in ARRIVED:
        return Done(parcel.milestone.lower(), values)
    if not parcel.events:
        return Done("no_events", values)
    is_still = talk.at - parcel.events[-1].happened_at > 2 * _DAY
    if is_still and event_of_parcel(parcel.shipment_id) is not None:
        return Done("moving", values)
    return Done("stalled" if is_still else "moving", values)


def name_parcels(talk: Talk) -> Done:
    """The parcels of several numbers that he named, with their states; unknown ones are left out."""
    return _listed(list_public_lines(talk.slots.get("parcels", "").split()), talk)


def find_parcels(talk: Talk) -> Done:
    """The parcels of a proven phone."""
    own = list_own_parcels(phone=talk.phone, at=talk.at) if talk.is_proven else None
    lines = own.received if own else ()
    running = [line for line in lines if line.milestone not in ARRIVED - {"AT_PICKUP_POINT"}]
    return _listed(running or list(lines), talk)


def _listed(lines: Sequence[ParcelLine], talk: Talk) -> Done:
    if not lines:
        return Done("none", is_done=False)
    listed = "\n".join(
        f"{carrier_names().get(line.carrier, line.carrier)} {line.waybill_no} "
        f"{words('state', line.milestone, talk)}"
        for line in lines[:5]
    )
    numbers = tuple(line.waybill_no for line in lines[:5])
    return Done("one" if len(numbers) == 1 else "many", {"list": listed}, parcels=numbers)


def tell_outlet(talk: Talk) -> Done:
    """Who delivers here and how to reach him: by the parcel, else by the address."""
    outlet = outlet_of(talk)
    if outlet is None:
        return Done("unknown", is_done=False)
    place = outlet.address if outlet.address.startswith(outlet.city) else f"{outlet.city}{outlet.address}"
    return Done(
        "found",
        {
            "outlet": outlet.name,
            "outlet_phone": outlet.phone or words("phone", "unknown", talk),
            "outlet_address": place,
            "hours": _hours(outlet.id, talk),
        },
    )


def _hours(outlet_id: int, talk: Talk) -> str:
    """The outlet's service hours of today and of its stations, as far as they are on record; else ''."""
    _owner, calendar = shelf().hours_of(outlet_id)
    said, lines = texts(), []
    today = talk.at.astimezone(ZoneInfo(settings.ENVIRONMENT.time_zone)).date()
    if calendar is not None:
        shifts = calendar.shifts_on(today)
        span = said["and"][talk.language].join(f"{each.opens:%H:%M}–{each.closes:%H:%M}" for each in shifts)
        lines.append(said["hours" if shifts else "hours_closed"][talk.language].format(span=span))
    for station in station_hours(outlet_id):
        span = f"{station.opens:%H:%M}–{station.closes:%H:%M}"
        lines.append(said["hours_station"][talk.language].format(name=station.name, span=span))
    return "".join(lines)


def outlet_of(talk: Talk) -> OutletCard | None:
    """The outlet that is meant: by the parcel, else by the address."""
    parcel = parcel_of(talk)
    if parcel is not None and parcel.outlet_id is not None:
        return find_outlet_card(parcel.outlet_id)
    address = talk.slots.get("address", "")
    found = find_outlet_for_address(city="", district="", address=address)
    return find_outlet_card(found) if address and found is not None else None


def own_cases(talk: Talk) -> list[CaseLine]:
    """The cases of a proven phone; of any other none."""
    return [
        case
        for contact_id in (find_contact_ids(talk.phone) if talk.is_proven else [])
        for case in list_cases_of_contact(viewer=SYSTEM_VIEWER, contact_id=contact_id)
    ]


def report_progress(talk: Talk) -> Done:
    """What has become of his cases; only for a proven phone."""
    cases = own_cases(talk)
    if not cases:
        return Done("none", is_done=False)
    newest = max(cases, key=lambda case: case.opened_at)
    due = [clock.due_at for clock in clocks_of_case(newest.id) if clock.met_at is None]
    return Done(
        "found",
        {
            "case_no": newest.case_no,
            "status": words("case", newest.status, talk),
            "outlet": newest.outlet_name or words("outlet", "head", talk),
            "due": texts()["due"][talk.language].format(at=moment(min(due), talk)) if due else "",
        },
        ref=newest.case_no,
    )


def estimate_compensation(talk: Talk) -> Done:
    """What the operator's rule gives for his open case; never a promise, never without a case."""
    number = talk.slots.get("parcel", "")
    cases = [case for case in own_cases(talk) if case.waybill_no == number]
    if not cases:
        return Done("no_case", {"waybill_no": number})
    newest = max(cases, key=lambda case: case.opened_at)
    computed = propose(facts_of_case(newest.id, at=talk.at), running_rules())
    if not computed.amount_fen:
        return Done("no_rule", {"case_no": newest.case_no}, ref=newest.case_no)
    values = {"case_no": newest.case_no, "amount": yuan(computed.amount_fen)}
    return Done("estimated", values, ref=newest.case_no)


def say_only(talk: Talk) -> Done:
    """Nothing is looked up: the policy's words are the answer."""
    return Done("said")
