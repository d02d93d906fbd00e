"""What is told about a case: to the person who opened it, and to those who must act."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_noop as _

from yishi.cases.actions.reply import add_note
from yishi.cases.models.case import Category
from yishi.cases.rules.categories import URGENT_CATEGORIES
from yishi.consignees.rules import after_quiet
from yishi.kit.ids import private_token
from yishi.kit.phrases import Phrase, joined, phrase_of, say
from yishi.notifications.actions.chains import Told, queue_chain
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery, zone
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import (
    excerpt,
    moment,
    part,
    short_moment,
    write_letter,
)
from yishi.notifications.queries.matters import CaseMatter, get_case_matter
from yishi.notifications.rules import (
    CASE,
    EMAIL,
    SMS,
    USUAL,
    Reach,
    Way,
    chain_of,
    channel_for,
    is_address,
)
from yishi.people.queries import StaffContact, staff_contact, staff_contacts
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sla.models.policies import ClockKind
from yishi.sla.queries.chain import reach


def tell_consumer(
    *, case_id: int, kind: str, at: datetime, text: str = "", due_at: datetime | None = None
) -> uuid.UUID | None:
    """Queues a notice about a case for the person who opened it, as he wants to be told and not in his quiet
    hours; None when he left no way to reach him, or wants to be told nothing.
    """
    matter = get_case_matter(case_id)
    target = None if matter.is_internal else _way(matter, kind)
    if target is None:
        return None
    channel, to = target
    if kind not in _AT_ONCE and matter.category not in URGENT_CATEGORIES:
        due_at = after_quiet(due_at or at, matter.wish, zone())
    values = {
        **_common(matter, matter.language),
        "text": text,
        "excerpt": excerpt(text),
        "promise": _promise(matter),
        "reply": _reply(matter),
        "link": f"{settings.ENVIRONMENT.web_origin}/c/{private_token('case', matter.case_no)}",
    }
    told = Told(
        kind=kind, subject_kind=CASE, subject_id=str(case_id), values=values, language=matter.language,
        by_day=False,
    )  # fmt: skip
    reach = Reach(phone=matter.phone, email=matter.wish.email or matter.email)
    ways = tuple(dict.fromkeys((Way(channel, to), *chain_of(USUAL, reach))))
    return queue_chain(told=told, ways=ways, at=at, due_at=due_at)


# the answer to what he did just now, at whatever hour
_AT_ONCE = frozenset({Kind.ACK})


def _way(matter: CaseMatter, kind: str) -> tuple[str, str] | None:
    """By which channel and to which address: the chosen one, or what reaches him where it does not."""
    wish = matter.wish
    default = channel_for(phone=matter.phone, email=wish.email or matter.email)
    if wish.channel == "NONE":
        return default if kind == Kind.ACK else None
    wanted = {EMAIL: wish.email or matter.email, SMS: matter.phone}.get(wish.channel, "")
    return (wish.channel, wanted) if wanted and is_address(wish.channel, wanted) else default


# moving on is told by the reply itself; waiting needs a word
_TOLD_STATUSES = frozenset({"WAITING_CUSTOMER", "WAITING_THIRD_PARTY"})


def tell_of_status(*, case_id: int, status: str, at: datetime, asked: str = "") -> uuid.UUID | None:
    """Tells the person that his case waits, for whom and what he is asked; other moves have their notice."""
    if status not in _TOLD_STATUSES:
        return None
    language = get_case_matter(case_id).language
    text = part("question", language, question=asked) if asked else part(status.lower(), language)
    return tell_consumer(case_id=case_id, kind=Kind.PUBLIC_STEP, text=text, at=at)


def tell_of_step(*, case_id: int, step: str, at: datetime) -> uuid.UUID | None:
    """Tells the person of a step that he did not take himself and that brings no words of its own."""
    matter = get_case_matter(case_id)
    place = matter.outlet_name or part("head_office", matter.language)
    text = part(step, matter.language, outlet=place)
    return tell_consumer(case_id=case_id, kind=Kind.PUBLIC_STEP, text=text, at=at)


def tell_staff(
    *,
    case_id: int,
    kind: str,
    clock_kind: str,
    due_at: datetime,
    share: int,
    level: int,
    at: datetime,
    user_ids: tuple[int, ...] = (),
    title: str = "",
    said: Mapping[str, Any] | None = None,
    respects_hours: bool = False,
) -> int:
    """Queues a notice about a clock for those who must act now; returns how many people are told.

    Level 0 is who works on the case, else the outlet; 1 the outlet's manager; 2 head office or the owner.
    Whoever is named (`user_ids`: he answers for a promise beside the case, or stands at a level of the chain)
    hears of it himself. With `respects_hours` a notice waits until its reader works.
    """
    matter = get_case_matter(case_id)
    named = [person for person in map(staff_contact, user_ids) if person is not None]
    told = named if named and level != 1 else [*named, *_who_must_act(matter, level)]
    people = {p.email: p for p in told if is_address(EMAIL, p.email)}
    due = reach([p.user_id for p in people.values()], at) if respects_hours else {}
    for person in people.values():
        language = person.language
        with translation.override(language):
            values = {
                **_common(matter, language),
                "category": str(Category(matter.category).label),
                "clock": joined([ClockKind(clock_kind).label, say(said) or title], "："),
                "due": moment(due_at, language, zone()),
                "share": str(share),
                "link": f"{settings.ENVIRONMENT.web_origin}/desk/cases/{matter.case_no}",
            }
        letter = write_letter(kind=kind, channel=EMAIL, language=language, values=values)
        queue_delivery(
            kind=kind,
            subject_kind=CASE,
            subject_id=case_id,
            channel=EMAIL,
            to=person.email,
            letter=letter,
            language=language,
            at=at,
            due_at=due.get(person.user_id),
        )
    return len(people)


def _who_must_act(matter: CaseMatter, level: int) -> list[StaffContact]:
    if level >= 2 or matter.outlet_code is None:
        return staff_contacts(None, ("QUALITY", "OWNER"))
    managers = staff_contacts(matter.outlet_code, ("OUTLET_MANAGER",))
    if level == 1:
        return managers
    agents = staff_contacts(matter.outlet_code, ("AGENT",))
    assigned = [person for person in agents if person.user_id == matter.assignee_id]
    return assigned or agents or managers


def _common(matter: CaseMatter, language: str) -> dict[str, str]:
    return {
        "operator": operator_name(language),
        "case_no": matter.case_no,
        "waybill_no": matter.waybill_no,
        "about": _about(matter, language),
        "outlet": matter.outlet_name or part("head_office", language),
    }


def _promise(matter: CaseMatter) -> str:
    if matter.first_reply_due_at is None:
        return ""
    return part("promise", matter.language, moment=moment(matter.first_reply_due_at, matter.language, zone()))


def _reply(matter: CaseMatter) -> str:
    """The same in a few signs, for a short message."""
    if matter.first_reply_due_at is None:
        return part("received", matter.language)
    return part(
        "reply", matter.language, moment=short_moment(matter.first_reply_due_at, matter.language, zone())
    )


def _about(matter: CaseMatter, language: str) -> str:
    """Which parcel a short message speaks of, by the end of its number; which case where there is none."""
    if not matter.waybill_no:
        return part("about_case", language, case_no=matter.case_no)
    return part("about_parcel", language, tail=matter.waybill_no[-6:])


def withdraw_deliveries(*, kind: str, case_id: int) -> int:
    """Takes back notices that wait and have lost their sense, such as a rating request once rated."""
    waiting = Delivery.objects.filter(
        kind=kind, subject_kind=CASE, subject_id=str(case_id), state=Delivery.State.QUEUED
    )
    return waiting.update(state=Delivery.State.WITHDRAWN, due_at=None)


def was_asked(*, kind: str, case_id: int) -> bool:
    """Whether such a notice about the case waits or has gone out; one taken back does not count."""
    told = Delivery.objects.filter(kind=kind, subject_kind=CASE, subject_id=str(case_id))
    return told.exclude(state=Delivery.State.WITHDRAWN).exists()


def note_failure(*, case_id: int, kind: str, error: str, at: datetime) -> None:
    """Writes in the case's history that its notice did not get through, so that somebody calls instead."""
    what = _("“%(kind)s”没有送达（%(error)s），请换一种方式告诉对方。")
    text = Phrase(what, {"kind": phrase_of(Kind(kind).label), "error": error})
    add_note(case_id=case_id, text=text, by=SYSTEM_VIEWER, at=at)
