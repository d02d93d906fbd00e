"""A robot in a group answers colleagues: anybody there may look up what is public; whoever is known there
acts with his own permissions, within the group's outlet. A group is public: nobody is named.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.assistant.actions.telling import Talk, values_of
from yishi.assistant.models import Turn
from yishi.assistant.rules.category import category_of
from yishi.assistant.rules.commands import Command, Verb, command_in
from yishi.cases.actions.file import Complaint, open_complaint
from yishi.cases.actions.talks import link_conversation
from yishi.cases.actions.tasks import press_case
from yishi.cases.queries.cards import CaseLine, list_cases_of_waybill
from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.status import OPEN_STATUSES
from yishi.conversations.actions.members import bind_member
from yishi.conversations.actions.say import say
from yishi.conversations.queries.accounts import AccountCard, find_account
from yishi.conversations.queries.members import viewer_of_member
from yishi.conversations.queries.threads import Speaker, get_message, speaker_of
from yishi.conversations.rules import person_in
from yishi.kit.errors import Refusal, TooMany
from yishi.kit.ratelimit import check_rate
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.public import PublicShipment, get_public_shipment


@dataclass
class _Asked:
    """One command of one person in one group. `viewer` is None for a stranger."""

    conversation_id: int
    command: Command
    account: AccountCard
    viewer: Viewer | None
    at: datetime
    done: list[dict[str, object]]


@transaction.atomic
def answer_group(*, message_id: int, at: datetime) -> str:
    """Answers a colleague's message once; '' where it was answered before or he asks too often."""
    conversation_id, message = get_message(message_id)
    speaker = speaker_of(message_id)
    account = find_account(speaker.account_id) if speaker else None
    if message.is_automatic or speaker is None or account is None:
        return ""
    turn, is_new = Turn.objects.get_or_create(
        message_id=message_id, defaults={"conversation_id": conversation_id, "stage": "group", "at": at}
    )
    if not is_new or not _has_room(speaker, at):
        return ""
    command = command_in(message.text)
    viewer = viewer_of_member(account_id=account.id, external_id=person_in(speaker.address))
    asked = _Asked(conversation_id, command, account, _within(viewer, account), at, [])
    text = _bind(asked, speaker) if command.verb is Verb.BIND else _answer(asked)
    turn.reply_ids = [say(conversation_id=conversation_id, text=text, by=None, at=at)]
    turn.actions = asked.done
    turn.save(update_fields=["reply_ids", "actions"])
    return text


def _has_room(speaker: Speaker, at: datetime) -> bool:
    try:
        check_rate(kind="group", key=f"{speaker.account_id} {speaker.address}", limit=10, window_s=60, at=at)
    except TooMany:
        return False
    return True


def _within(viewer: Viewer | None, account: AccountCard) -> Viewer | None:
    """The colleague, seeing no further than the outlet of the group: others read along."""
    if viewer is None or not account.outlet_code:
        return viewer
    seen = {account.outlet_code} if viewer.sees_outlet(account.outlet_code) else set()
    return replace(viewer, outlet_codes=frozenset(seen))


def _bind(asked: _Asked, speaker: Speaker) -> str:
    try:
        check_rate(kind="group bind", key=str(asked.account.id), limit=30, window_s=3600, at=asked.at)
    except TooMany:
        return _("绑定试得太多了，过一小时再试")
    user_id = bind_member(
        account_id=asked.account.id,
        external_id=person_in(speaker.address),
        code=asked.command.words,
        at=asked.at,
    )
    if user_id is None:
        return _("绑定码不对或已过期，请在工作台“我”的页面重新取一个")
    asked.done.append({"name": "bind", "ok": True, "ref": str(user_id)})
    return _("绑定好了。发“催 单号”“拦截 单号”“登记 单号 情况”，我来办")


def _answer(asked: _Asked) -> str:
    act = _ACTS.get(asked.command.verb)
    if asked.command.verb is Verb.HELP:
        return _("发单号就查件；绑定后可以发“催 单号”“拦截 单号”“登记 单号 情况”")
    if act is not None and asked.viewer is None:
        return _("要先绑定才能办：在工作台“我”的页面取绑定码，在这里发“绑定 ABC234”")
    if act is not None and asked.viewer is not None and not asked.viewer.may(Permission.CASE_WRITE):
        return _("你的账号不能办这件事")
    return "\n".join(_one(asked, number, act) for number in asked.command.numbers)


_Act = Callable[[_Asked, Viewer, PublicShipment], str]


def _one(asked: _Asked, number: str, act: _Act | None) -> str:
    parcel = get_public_shipment(number, at=asked.at)
    if parcel is None:
        return _("%(number)s：没有这个单号") % {"number": number}
    if act is None or asked.viewer is None:
        return _told(asked, parcel)
    if parcel.outlet_code and not asked.viewer.sees_outlet(parcel.outlet_code):
        return _("%(number)s：不是本网点的件") % {"number": number}
    try:
        with transaction.atomic():
            return act(asked, asked.viewer, parcel)
    except Refusal as refused:
        return _("%(number)s：%(why)s") % {"number": number, "why": refused.title}


def _told(asked: _Asked, parcel: PublicShipment) -> str:
    talk = Talk(
        conversation_id=asked.conversation_id,
        slots={"parcel": parcel.waybill_no},
        phone="",
        is_proven=False,
        proof="",
        language="zh",
        text="",
        at=asked.at,
    )
    said = values_of(parcel, talk)
    line = f"{said['waybill_no']} {said['carrier']}：{said['state']}。{said['last']}{said['eta']}"
    cases = _open_cases(asked, parcel)
    if cases:
        line += _(" 工单 %(cases)s") % {"cases": " ".join(case.case_no for case in cases[:3])}
    return line.strip()


def _open_cases(asked: _Asked, parcel: PublicShipment, *categories: str) -> list[CaseLine]:
    """Open cases of a parcel in the colleague's sight; a stranger sees none."""
    if asked.viewer is None or not asked.viewer.may(Permission.CASE_READ):
        return []
    found = list_cases_of_waybill(viewer=asked.viewer, waybill_no=parcel.waybill_no)
    is_open = {status.value for status in OPEN_STATUSES}
    return [one for one in found if one.status in is_open and (not categories or one.category in categories)]


def _urge(asked: _Asked, viewer: Viewer, parcel: PublicShipment) -> str:
    known = _open_cases(asked, parcel)
    if not known:
        return _opened(asked, viewer, parcel, "URGE")
    press_case(case_id=known[0].id, text=asked.command.words, by=viewer, at=asked.at)
    asked.done.append({"name": "press", "ok": True, "ref": known[0].case_no})
    values = {"number": parcel.waybill_no, "case_no": known[0].case_no}
    return _("%(number)s：工单 %(case_no)s 已催") % values


def _intercept(asked: _Asked, viewer: Viewer, parcel: PublicShipment) -> str:
    if parcel.milestone in ("DELIVERED", "RETURNED", "CANCELLED", "LOST"):
        return _("%(number)s：已经拦不住了（%(state)s）") % {
            "number": parcel.waybill_no,
            "state": _told(asked, parcel).partition("：")[2],
        }
    known = _open_cases(asked, parcel, "INTERCEPT", "RETURN")
    if known:
        values = {"number": parcel.waybill_no, "case_no": known[0].case_no}
        return _("%(number)s：已经在拦，工单 %(case_no)s") % values
    return _opened(asked, viewer, parcel, "INTERCEPT")


def _open(asked: _Asked, viewer: Viewer, parcel: PublicShipment) -> str:
    guess = category_of(asked.command.words).category
    category = guess if guess in CATEGORIES and CATEGORIES[guess].is_claimable else "OTHER"
    known = _open_cases(asked, parcel, category)
    if known:
        values = {"number": parcel.waybill_no, "case_no": known[0].case_no}
        return _("%(number)s：已有工单 %(case_no)s") % values
    return _opened(asked, viewer, parcel, category)


def _opened(asked: _Asked, viewer: Viewer, parcel: PublicShipment, category: str) -> str:
    complaint = Complaint(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        category=category,
        text=asked.command.words,
        source="GROUP_CHAT",
        entry_point=asked.account.code,
    )
    filed = open_complaint(complaint=complaint, by=viewer, at=asked.at)
    link_conversation(case_id=filed.case_id, conversation_id=asked.conversation_id, at=asked.at)
    asked.done.append({"name": "open_case", "ok": True, "ref": filed.case_no})
    values = {"number": parcel.waybill_no, "case_no": filed.case_no}
    if category == "INTERCEPT":
        return _("%(number)s：已开拦截工单 %(case_no)s") % values
    return _("%(number)s：已开工单 %(case_no)s") % values


_ACTS: dict[Verb, _Act] = {Verb.URGE: _urge, Verb.INTERCEPT: _intercept, Verb.OPEN: _open}
