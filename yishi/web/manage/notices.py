"""Notices that were given up after every try: who did not hear from us, and why."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yishi.cases.queries.cards import case_numbers
from yishi.kit.clock import now
from yishi.notifications.queries.deliveries import CallCard, list_calls, list_failed
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page
from yishi.web.manage.feeds import MANAGERS, SHOWN_FOR
from yishi.web.manage.words import CALL_KEYS, CALL_STATES, CHANNELS, NOTICE_KINDS


@staff_page(*MANAGERS)
@require_safe
def notices(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    at = now()
    failed = list_failed(since=at - SHOWN_FOR, limit=100)
    case_ids = {one.case_id for one in failed if one.case_id is not None}
    numbers = case_numbers(viewer=viewer, case_ids=case_ids) if viewer.may(Permission.CASE_READ) else {}
    values = {
        "here": "manage",
        "tab": "notices",
        "notices": [
            (
                one,
                NOTICE_KINDS.get(one.kind, one.kind),
                CHANNELS.get(one.channel, one.channel),
                numbers.get(one.case_id or 0, ""),
            )
            for one in failed
        ],
        "calls": [
            (one, NOTICE_KINDS.get(one.kind, one.kind), _call_words(one))
            for one in list_calls(since=at - SHOWN_FOR)
        ],
    }
    return desk_page(request, viewer, "manage/notices.html", values, at=at)


def _call_words(one: CallCard) -> object:
    """What came of a call: which key, or that nobody took it."""
    return CALL_KEYS.get(one.pressed) or CALL_STATES.get(one.receipt, CALL_STATES["ANSWERED"])
