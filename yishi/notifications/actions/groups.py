"""What staff hear in the group of their outlet: a new case, one that is nearly due, a broken promise.

One message for many, none at night. A group is public: nobody is named but the colleague who is called.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.cases.models.case import Category
from yishi.consignees.rules import NoticeWish, after_quiet
from yishi.conversations.queries.accounts import AccountCard, list_group_accounts, list_groups_around
from yishi.conversations.queries.members import external_ids
from yishi.detection.queries.events import find_event
from yishi.notifications.actions.queue import Kind, queue_delivery, zone
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import Letter
from yishi.notifications.queries.matters import CaseMatter, get_case_matter
from yishi.notifications.rules import clean

GATHERED_FOR = timedelta(seconds=60)
"""How long a message waits for others: a robot may speak twenty times a minute, and nobody reads more."""
MOST_LINES = 15
GROUP = "GROUP"
NEW, DUE, BROKEN, EVENT = "new", "due", "broken", "event"


@transaction.atomic
def tell_groups(*, case_id: int, what: str, at: datetime, due_at: datetime | None = None) -> int:
    """Puts one line into the next message of each group that is told of such; once a case and matter.
    Returns to how many groups."""
    matter = get_case_matter(case_id)
    key = f"{what}:{matter.case_id}:{due_at.isoformat() if due_at else ''}"
    line, called = _line(matter, what, due_at), [matter.assignee_id] if matter.assignee_id else []
    groups = list_group_accounts(matter.outlet_code or "")
    return sum(_add(one, key, line, called, at) for one in groups if _wants(one, what))


@transaction.atomic
def tell_groups_of_event(*, event_id: int, is_over: bool, at: datetime) -> int:
    """Colleagues hear that an event was declared, or that it is over; to how many groups."""
    event = find_event(event_id)
    if event is None or (event.closed_at is not None) is not is_over:
        return 0
    said = (
        _("【大范围延误结束】%(kind)s，%(place)s")
        if is_over
        else _("【大范围延误】%(kind)s，%(place)s，预计到 %(until)s。%(text)s")
    )
    values = {
        "kind": event.kind_words,
        "place": event.place,
        "text": event.text,
        "until": _when_said(event.until),
    }
    key, line = f"{EVENT}:{event_id}:{is_over}", clean(said % values)
    groups = list_groups_around(event.outlet_ids, is_wide=event.is_wide)
    return sum(_add(one, key, line, [], at) for one in groups if _wants(one, EVENT))


def _wants(account: AccountCard, what: str) -> bool:
    """`tells` lists what is told; empty = everything, `no` = nothing."""
    wanted = account.settings.get("tells", "").replace("，", ",").replace(" ", "")
    return not wanted or what in wanted.split(",")


def _add(account: AccountCard, key: str, line: str, called: list[int], at: datetime) -> bool:
    rows = Delivery.objects.filter(kind=Kind.STAFF_WORK, subject_kind=GROUP, account_id=account.id)
    if rows.filter(extra__keys__contains=[key]).exists():
        return False
    mentions = external_ids(account_id=account.id, user_ids=called)
    # one that is not due yet gathers more
    waiting = rows.select_for_update(skip_locked=True).filter(state="QUEUED", tries=0, due_at__gt=at).first()
    if waiting is None:
        queue_delivery(
            kind=Kind.STAFF_WORK,
            subject_kind=GROUP,
            subject_id=account.id,
            channel=account.channel,
            to=account.code,
            letter=Letter("", _body([line])),
            language="zh-hans",
            at=at,
            due_at=_when(account, at),
            account_id=account.id,
            extra={"lines": [line], "keys": [key], "mentions": mentions},
        )
        return True
    lines = [*waiting.extra["lines"], line]
    called_by_now = list(dict.fromkeys([*waiting.extra["mentions"], *mentions]))[:10]
    waiting.extra = {"lines": lines, "keys": [*waiting.extra["keys"], key], "mentions": called_by_now}
    waiting.body = _body(lines)
    waiting.save(update_fields=["extra", "body"])
    return True


def _when(account: AccountCard, at: datetime) -> datetime:
    """`quiet` is like 22:00-07:30; what comes at night stands together in the morning's first message."""
    begin, _sign, end = account.settings.get("quiet", "").replace("：", ":").partition("-")
    try:
        wish = NoticeWish(
            quiet_from=time.fromisoformat(begin.strip()), quiet_until=time.fromisoformat(end.strip())
        )
    except ValueError:
        # as everybody's hours are shipped
        wish = NoticeWish()
    return after_quiet(at + GATHERED_FOR, wish, zone())


def _line(matter: CaseMatter, what: str, due_at: datetime | None) -> str:
    values = {
        "case_no": matter.case_no,
        "category": str(Category(matter.category).label),
        "waybill_no": matter.waybill_no,
        "due": _when_said(due_at) if due_at else "",
    }
    words = {
        NEW: _("新工单 %(case_no)s %(category)s %(waybill_no)s"),
        DUE: _("快到时限 %(case_no)s %(category)s %(waybill_no)s，%(due)s 前要办"),
        BROKEN: _("已超时限 %(case_no)s %(category)s %(waybill_no)s，应在 %(due)s 前"),
    }
    return clean(words[what] % values)


def _when_said(at: datetime) -> str:
    return f"{at.astimezone(zone()):%m-%d %H:%M}"


def _body(lines: list[str]) -> str:
    shown = "\n".join(lines[:MOST_LINES])
    left = len(lines) - MOST_LINES
    return shown if left <= 0 else f"{shown}\n" + _("另有 %(left)s 件，见工作台") % {"left": left}
