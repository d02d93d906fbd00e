"""助手办成的: what the assistant settled as the record shows, beside the naive figure, and which talks."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yishi.assistant.queries.settled import list_judged, settled_figures
from yishi.assistant.rules.settling import Why
from yishi.kit.clock import now
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page
from yishi.web.manage.assistant import intent_words

PERIODS = (7, 30, 90)
WHY = {
    Why.HANDED_OVER.value: gettext_lazy("转了人工"),
    Why.NOTHING_DONE.value: gettext_lazy("什么也没查到、没办成"),
    Why.UNFINISHED.value: gettext_lazy("问到一半没有下文"),
    Why.ACTION_FAILED.value: gettext_lazy("办的时候出错"),
    Why.NOT_IN_RECORD.value: gettext_lazy("记录里没有，或撤回了"),
    Why.CAME_BACK.value: gettext_lazy("同一会话里又来问"),
    Why.OTHER_CONTACT.value: gettext_lazy("从别处又来问"),
    Why.NEW_CASE.value: gettext_lazy("之后又立了工单"),
}


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def settled(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The last 7, 30 or 90 days; `intent` and `why` (`-`: settled) choose the conversations listed."""
    at = now()
    days = next((each for each in PERIODS if request.GET.get("days") == str(each)), 30)
    intent, why = request.GET.get("intent", ""), request.GET.get("why", "")
    since, names = at - timedelta(days=days), intent_words()
    figures = settled_figures(viewer=viewer, since=since, until=at)
    listed = list_judged(viewer=viewer, since=since, until=at, intent=intent, why=why)
    values = {
        "here": "manage",
        "tab": "settled",
        "days": days,
        "periods": PERIODS,
        "figures": figures,
        "lines": [(names.get(line.intent, line.intent), line) for line in figures.by_intent],
        "against": [(WHY.get(name, name), name, count) for name, count in figures.against],
        "intent": intent,
        "why": why,
        "listed": [(names.get(one.intent, one.intent), WHY.get(one.why, one.why), one) for one in listed],
    }
    return desk_page(request, viewer, "manage/settled.html", values)
