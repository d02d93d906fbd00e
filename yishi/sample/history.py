"""Lives the sample's cases through the rooms' own actions, each at its moment in the past."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.actions.open import open_case
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import add_note, add_reply, consumer_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status, close_case
from yishi.cases.queries.cards import list_cases_of_waybill
from yishi.consignees.actions.contacts import keep_contact
from yishi.feedback.actions import rate_case
from yishi.people.queries import get_user_id
from yishi.people.rules import SYSTEM_VIEWER, Role, Viewer
from yishi.sample.network import agent_of
from yishi.sample.routes import DAYS, TROUBLES, make_parcel
from yishi.sample.stories import Step, Story, make_story
from yishi.shipments.queries.parcels import find_shipment_refs


def choose_stories(*, seed: int, total: int, count: int, at: datetime) -> list[Story]:
    """`count` cases, oldest first: a third of them of the last three days, most of them of real trouble."""
    young = range(total * 3 // DAYS)
    old = range(len(young), total)
    chosen = _first(seed, total, at, young, count // 3) + _first(seed, total, at, old, count - count // 3)
    return sorted(chosen, key=lambda story: story.opened_at)


def _first(seed: int, total: int, at: datetime, numbers: range, count: int) -> list[Story]:
    found: list[Story] = []
    for number in _scattered(numbers):
        if len(found) == count:
            break
        parcel = make_parcel(seed=seed, number=number, total=total, at=at)
        # nearly everybody with a trouble says so, few of the others say anything
        if parcel.fate in TROUBLES or number % 11 == 0:
            story = make_story(parcel, seed=seed, at=at)
            if story is not None:
                found.append(story)
    return found


def _scattered(numbers: range) -> Iterator[int]:
    """Every number once, in an order that jumps about and is always the same."""
    for start in range(37):
        yield from numbers[start::37]


def is_known(story: Story) -> bool:
    """Whether this parcel has its case already, from a load that was cut off."""
    return bool(list_cases_of_waybill(viewer=SYSTEM_VIEWER, waybill_no=story.parcel.waybill_no))


@transaction.atomic
def live_story(story: Story, agent: Viewer) -> int:
    """Opens the case and takes every step of it, the staff's by the agent of its outlet; the case's id."""
    case_id = file_story(story, agent)
    for step in story.steps:
        _take(step, case_id, story, agent)
    return case_id


def file_story(story: Story, agent: Viewer | None = None) -> int:
    """Only the complaint itself; the case's id."""
    parcel, at = story.parcel, story.opened_at
    refs = find_shipment_refs(parcel.waybill_no)
    person = parcel.consignee
    opened = open_case(
        waybill_no=parcel.waybill_no,
        category=story.matter.category,
        text=story.text,
        contact_id=keep_contact(phone=person.phone, name=person.name, at=at),
        is_verified=story.is_verified,
        source=story.source,
        external_no="" if story.source in {"SELF", "PHONE"} else f"EX{parcel.number:08}",
        shipment=refs[0] if refs else None,
        by=None if story.source == "SELF" else agent,
        at=at,
    )
    return opened.case_id


def viewer_of_agent(outlet_code: str) -> Viewer:
    """The agent of an outlet, as if signed in."""
    username = agent_of(outlet_code)
    return Viewer(
        kind="USER",
        role=Role.AGENT,
        user_id=get_user_id(viewer=SYSTEM_VIEWER, username=username),
        outlet_codes=frozenset({outlet_code}),
    )


def _take(step: Step, case_id: int, story: Story, agent: Viewer) -> None:
    at = step.at
    if step.kind == "REPLY":
        add_reply(case_id=case_id, text=step.text, by=agent, at=at)
    elif step.kind == "NOTE":
        add_note(case_id=case_id, text=step.text, by=agent, at=at)
    elif step.kind == "CONSUMER":
        consumer_reply(case_id=case_id, text=step.text, at=at)
    elif step.kind == "STATUS":
        change_status(case_id=case_id, status=step.value, reason=step.text, by=agent, at=at)
    elif step.kind == "RESOLVE":
        settle(case_id, story, agent, at)
    elif step.kind == "RATE":
        rate_case(case_id=case_id, score=int(step.value), comment=step.text, at=at)
    elif step.kind == "REOPEN":
        reopen_case(case_id=case_id, reason=step.text, by=None, at=at)
    elif step.kind == "CLOSE":
        close_case(case_id=case_id, by=SYSTEM_VIEWER, at=at)
    else:
        withdraw_case(case_id=case_id, reason=step.text, at=at)


def settle(case_id: int, story: Story, agent: Viewer, at: datetime) -> None:
    """Settles the case as its matter ends, with its finding."""
    matter = story.matter
    resolve_case(
        case_id=case_id,
        remedy=matter.remedy,
        text=matter.settled,
        finding=Finding(
            validity=matter.validity,
            party="OUTLET",
            responsible=story.parcel.outlet.name,
            reason=matter.cause or matter.remedy,
        ),
        root_cause=matter.cause,
        by=agent,
        at=at,
    )
