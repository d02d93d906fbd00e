"""The parcel beside a case: its road, and what its shipper told us."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yishi.cases.queries.cards import CaseCard
from yishi.consignees.queries import masked_contact
from yishi.feeds.rules import JUDGEMENTS
from yishi.kit.errors import NotFound
from yishi.kit.personal import mask_address, without_phones
from yishi.network.queries import carrier_names, find_courier
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.parcels import Details, StaffEvent, StaffShipment, access_shipment
from yishi.web.desk.once import once
from yishi.web.shared import times, words

Text = str | Promise
MAX_STOPS = 4

CONTACT_KINDS: dict[str, Text] = {
    "CALL": gettext_lazy("打了电话"),
    "SMS": gettext_lazy("发了短信"),
    "KNOCK": gettext_lazy("敲了门"),
    "PHOTO": gettext_lazy("拍了照"),
}


class Stop(NamedTuple):
    word: str
    state: str


class Scan(NamedTuple):
    """One line of the road. A judgement is no scan: the source reckons so from its clocks."""

    word: Text
    text: str
    at: datetime
    place: str
    role: str
    is_judgement: bool


class Attempt(NamedTuple):
    """One try to reach the consignee; `outcome` in the courier's own words, telephone numbers taken out."""

    word: Text
    outcome: str
    at: datetime
    courier: str
    file_id: str


@dataclass(frozen=True)
class ParcelStory:
    """A parcel as its sheet tells it; `road` newest first."""

    milestone: str
    stops: list[Stop]
    facts: list[tuple[str, str]]
    road: list[Scan]
    attempts: list[Attempt]


def parcel_of(case: CaseCard) -> ParcelStory | None:
    """The parcel of a case; None when we know of none."""
    if not case.waybill_no:
        return None
    try:
        # need implies sight: whoever has the case before him sees its parcel, whichever outlet scanned it
        return tell(access_shipment(SYSTEM_VIEWER, case.waybill_no, case.carrier or None))
    except NotFound:
        return None


def tell(parcel: StaffShipment) -> ParcelStory:
    # what a source reckons of a scan at the same moment stands above it
    events = sorted(parcel.events, key=lambda e: (e.happened_at, e.kind in JUDGEMENTS), reverse=True)
    return ParcelStory(
        milestone=parcel.milestone,
        stops=_stops(parcel),
        facts=_facts(parcel),
        road=[
            Scan(
                word=words.EVENT_KINDS.get(event.kind, words.EVENT_KINDS["unknown"]),
                text=event.text,
                at=event.happened_at,
                place=_place(event),
                role=_role(event.kind),
                is_judgement=event.kind in JUDGEMENTS,
            )
            for event in events
        ],
        attempts=[
            Attempt(CONTACT_KINDS.get(c.kind, c.kind), without_phones(c.outcome), c.at, c.courier, c.file_id)
            for c in reversed(parcel.contacts)
        ],
    )


def _place(event: StaffEvent) -> str:
    """City and outlet; a carrier's bare code says nothing to a reader."""
    outlet = "" if event.outlet.isascii() else event.outlet
    return " ".join(part for part in (event.city, outlet) if part)


def expected_words(parcel: StaffShipment, at: datetime) -> str:
    """From when to when it will come, in four cases of five; '' where nothing can be said."""
    said = parcel.eta_range
    return times.range_words(said.from_at, said.until_at, at) if said and said.until_at > at else ""


def people_of(parcel: StaffShipment) -> list[tuple[str, str]]:
    """Who receives and who sent it, masked: a look-up is no reason to see more."""
    details = parcel.details
    if details is None:
        return []
    to, sender = masked_contact(details.consignee_id), masked_contact(details.shipper_id)
    said = [
        (_("收件人"), to.name),
        (_("电话"), to.phone),
        (_("地址"), mask_address(details.address)),
        (_("寄件人"), sender.name),
    ]
    return [(word, value) for word, value in said if value]


def _role(kind: str) -> str:
    if kind in words.BAD_EVENTS:
        return "is-bad"
    return "is-warn" if kind in words.WARNING_EVENTS else ""


def _stops(parcel: StaffShipment) -> list[Stop]:
    """Cities in the order in which they were reached, the middle left out where there are too many."""
    places: list[str] = []
    for event in sorted(parcel.events, key=lambda event: event.happened_at):
        if event.kind in JUDGEMENTS:
            continue
        if event.city and (not places or places[-1] != event.city):
            places.append(event.city)
    if len(places) > MAX_STOPS - 1:
        places = [places[0], *places[-(MAX_STOPS - 2) :]]
    if not places:
        return []
    if parcel.milestone == "DELIVERED":
        return [*(Stop(place, "done") for place in places), Stop(_("签收"), "now")]
    stops = [*(Stop(place, "done") for place in places[:-1]), Stop(places[-1], "now")]
    is_over = parcel.milestone in {"RETURNED", "CANCELLED", "LOST"}
    return (
        stops
        if is_over
        else [*stops, Stop(_("寄件人") if parcel.milestone == "RETURNING" else _("本人"), "next")]
    )


def _facts(parcel: StaffShipment) -> list[tuple[str, str]]:
    said = [
        (_("运单"), grouped(parcel.waybill_no)),
        (_("快递公司"), once(carrier_names).get(parcel.carrier, parcel.carrier)),
        (_("网点"), parcel.outlet_name),
        (_("快递员"), courier_words(parcel.carrier, parcel.courier)),
        (_("物品"), parcel.details.goods if parcel.details else ""),
        (_("保价"), _insured(parcel.details)),
        (_("联系收件人"), _how_often(len(parcel.contacts))),
    ]
    return [(word, value) for word, value in said if value]


def _how_often(count: int) -> str:
    return ngettext("%s 次", "%s 次", count) % count if count else ""


def courier_words(carrier: str, number: str | None) -> str:
    """The courier by name where he is one of ours, and his number; '' for none."""
    if not number:
        return ""
    found = find_courier(carrier, number)
    return f"{found.name}（{number}）" if found else number


def _insured(details: Details | None) -> str:
    if details is None or not details.declared_value_fen:
        return ""
    return f"¥{details.declared_value_fen / 100:,.2f}"


def grouped(number: str) -> str:
    """A number in groups of four, as it is read aloud."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
