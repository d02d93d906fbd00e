"""Straight to who can put it right: the first place of a case, and the way up when a promise broke."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yishi.cases.actions.assign import assign, place_case
from yishi.cases.queries.cards import get_case
from yishi.kit.phrases import Phrase
from yishi.network.queries import find_outlet_for_address
from yishi.people.queries import StaffContact, staff_contacts
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.routing.queries.places import About, Custody, custody_of, person_for, working_places
from yishi.routing.rules import people as why
from yishi.routing.rules.custody import Decision, at_fault, has_left, responsible_outlet
from yishi.routing.rules.people import Chosen, Wanted
from yishi.shipments.queries.parcels import find_shipment_refs

MANAGER, HEAD_OFFICE = 1, 2


@dataclass(frozen=True)
class HandedUp:
    """Who has it now: level 1 the outlet's manager, 2 head office or the owner; None when nobody is there."""

    level: int
    user_id: int | None


def route_case(
    *,
    case_id: int,
    waybill_no: str,
    category: str,
    case_class: str,
    language: str,
    shipment_id: int | None,
    contact_id: int | None,
    held: int | None,
    destination: int | None,
    at: datetime,
) -> None:
    """Gives a new case its place and its person, with both reasons in the timeline.

    The place: who had the parcel when it went wrong. The person: who is on duty there and fits best; nobody
    on duty: the outlet's manager, else head office, else the owner. An outlet that keeps no roster works
    from its common list, and so does head office.
    """
    custody = custody_of(shipment_id, at) if shipment_id is not None else Custody()
    known = custody.outlets | {o for o in (held, destination) if o is not None}
    about = About(case_id, waybill_no, contact_id)
    places = working_places(known, at, about)
    serving = None
    if not places and shipment_id is not None:
        serving = _serving(waybill_no, shipment_id)
        places = working_places([serving], at, about) if serving is not None else {}
    decision = responsible_outlet(
        is_known=shipment_id is not None,
        fault=at_fault(category, custody.scans, origin=custody.origin, at=at, working=places),
        is_on_the_road=has_left(custody.scans),
        held=held,
        destination=destination,
        serving=serving,
        working=places,
    )
    place = places[decision.outlet_id] if decision.outlet_id is not None else None
    named = custody.named if custody.named_at == decision.outlet_id else None
    chosen = person_for(place, Wanted(category, case_class, language, named), at)
    place_case(
        case_id=case_id,
        outlet_id=decision.outlet_id,
        outlet_code=place.code if place else "",
        outlet_name=place.name if place else "",
        assignee_id=chosen.user_id if chosen else None,
        reason=_why(decision, chosen),
        at=at,
    )


def _why(decision: Decision, chosen: Chosen | None) -> dict[str, Any]:
    values: dict[str, Any] = {"reason": decision.reason, "user_id": chosen.user_id if chosen else None}
    if decision.hours is not None:
        values["hours"] = decision.hours
    values["person"] = chosen.reason if chosen else why.SHARED_LIST
    return values


def _serving(waybill_no: str, shipment_id: int) -> int | None:
    for ref in find_shipment_refs(waybill_no):
        if ref.id == shipment_id:
            return find_outlet_for_address(city=ref.city, district=ref.district, address=ref.address)
    return None


def reassign(
    *, case_id: int, outlet_id: int | None, assignee_id: int | None, reason: str | Phrase, at: datetime
) -> None:
    """Gives an open case to somebody else on Yishi's own account; the clocks run on. Refusals of `assign`."""
    assign(
        case_id=case_id, outlet_id=outlet_id, assignee_id=assignee_id, reason=reason, by=SYSTEM_VIEWER, at=at
    )


def hand_up(*, case_id: int, level: int, reason: str | Phrase, at: datetime) -> HandedUp:
    """Gives a case to the outlet's manager, or to head office, or to the owner where there is none.

    The outlet keeps the case in sight: only the person changes. A case without an outlet, or whose outlet
    has no manager, goes to head office at once.
    """
    case = get_case(case_id)
    people: list[StaffContact] = []
    if level <= MANAGER and case.outlet_code is not None:
        people = staff_contacts(case.outlet_code, [Role.OUTLET_MANAGER])
    reached = MANAGER if people else HEAD_OFFICE
    people = people or staff_contacts(None, [Role.QUALITY]) or staff_contacts(None, [Role.OWNER])
    if not people:
        return HandedUp(reached, None)
    person = people[0].user_id
    if person != case.assignee_id:
        reassign(case_id=case_id, outlet_id=case.outlet_id, assignee_id=person, reason=reason, at=at)
    return HandedUp(reached, person)
