"""大范围延误: a storm, a closed road, a hub that stopped; declared once, told once, ended, reported."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from yishi.detection.actions.events import declare_event, end_event
from yishi.detection.queries.events import list_events
from yishi.detection.queries.words import kind_words
from yishi.detection.rules.events import Area, Declared
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.phrases import joined
from yishi.network.queries import list_outlets, outlets_by_region
from yishi.notifications.queries.events import EventReport, event_report
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.choices import Text
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of

NUMBERS: Mapping[str, Text] = {
    "parcels": gettext_lazy("受影响的包裹"),
    "delivered": gettext_lazy("其中已签收"),
    "told": gettext_lazy("通知的人"),
    "sent": gettext_lazy("其中已发出"),
    "failed": gettext_lazy("其中没有送达"),
    "same_person": gettext_lazy("同一个人的其他包裹"),
    "unreachable": gettext_lazy("没有联系方式"),
    "unwanted": gettext_lazy("本人不要通知"),
    "waiting": gettext_lazy("还没轮到"),
    "complaints": gettext_lazy("期间的诉求"),
    "prolonged": gettext_lazy("顺延时限的工单"),
}


@staff_page(Permission.EVENTS_DECLARE)
@require_http_methods(["GET", "HEAD", "POST"])
def events(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All events in sight, one with its report, and the form; a POST declares one, or ends one."""
    at = now()
    if request.method != "POST":
        return _page(request, viewer, at)
    try:
        if "end" in request.POST:
            event_id = whole_number(request.POST["end"]) or 0
            end_event(event_id=event_id, by=viewer, at=at)
        else:
            event_id = _declare(request, viewer, at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, at, refusal)
    return HttpResponseRedirect(f"{reverse('desk:events')}?event={event_id}")


def _declare(request: HttpRequest, viewer: Viewer, at: datetime) -> int:
    said = request.POST
    return declare_event(
        kind=said.get("kind", ""),
        area=_area(request, viewer),
        text=said.get("text", "").strip(),
        since=_moment(said.get("since", ""), "/since") if said.get("since") else at,
        until=_moment(said.get("until", ""), "/until"),
        by=viewer,
        at=at,
    )


def _area(request: HttpRequest, viewer: Viewer) -> Area:
    """Outlets in sight, those of regions; hubs and cities as typed, parted by spaces or commas."""
    outlets = {one.code: one for one in list_outlets(viewer)}
    chosen = [outlets[code] for code in request.POST.getlist("outlet") if code in outlets]
    regions = _regions(viewer)
    named = [code for code in request.POST.getlist("region") if code in regions]
    hubs, cities = (_words(request.POST.get(name, "")) for name in ("hubs", "cities"))
    ids = {one.id for one in chosen} | {outlet_id for code in named for outlet_id in regions[code][1]}
    names = (*(regions[code][0] for code in named), *(one.name for one in chosen), *hubs, *cities)
    return Area(outlet_ids=tuple(sorted(ids)), hubs=hubs, cities=cities, names=names)


def _regions(viewer: Viewer) -> dict[str, tuple[str, list[int]]]:
    """Only for those who see the whole operator."""
    if viewer.outlet_codes is not None:
        return {}
    return {code: (name, ids) for (code, name), ids in outlets_by_region().items()}


def _words(said: str) -> tuple[str, ...]:
    for sign in "，,、；;":
        said = said.replace(sign, " ")
    return tuple(dict.fromkeys(said.split()))


def _moment(said: str, pointer: str) -> datetime:
    """A moment as the form says it, in the zone of the installation."""
    try:
        return timezone.make_aware(datetime.fromisoformat(said).replace(tzinfo=None))
    except ValueError:
        raise Invalid([(pointer, "bad_time", "写明哪天几点")]) from None


def _page(request: HttpRequest, viewer: Viewer, at: datetime, refusal: Refusal | None = None) -> HttpResponse:
    asked = whole_number(request.GET.get("event", ""))
    report = event_report(viewer=viewer, event_id=asked, at=at) if asked else None
    values: dict[str, Any] = {
        "here": "incidents",
        "events": list_events(viewer=viewer),
        "kinds": [(one.value, kind_words(one.value)) for one in Declared],
        "outlets": list_outlets(viewer),
        "regions": [(code, name) for code, (name, _ids) in _regions(viewer).items()],
        "is_wide": viewer.outlet_codes is None,
        "report": report,
        "numbers": _numbers(report) if report else [],
        "report_text": report_text(report) if report else "",
        "refused": words_of(refusal) if refusal else "",
        "now_local": timezone.localtime(at).strftime("%Y-%m-%dT%H:%M"),
    }
    return desk_page(
        request, viewer, "desk/events.html", values, status=refusal.status if refusal else 200, at=at
    )


def _numbers(report: EventReport) -> list[tuple[str, int]]:
    return [(str(word), getattr(report, field)) for field, word in NUMBERS.items()]


def report_text(report: EventReport) -> str:
    """What is pasted into the group, or sent upwards."""
    event = report.event
    values = {
        "kind": event.kind_words,
        "place": event.place,
        "since": _said(event.since),
        "until": _said(event.closed_at or event.until),
    }
    said = _("【大范围延误报告】%(kind)s，%(place)s，%(since)s 至 %(until)s")
    head = said % values if report.is_final else _("%s（还在继续）") % (said % values)
    return "\n".join(
        [head, event.text, joined((f"{word} {count}" for word, count in _numbers(report)), "，")]
    )


def _said(at: datetime) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}"


@staff_page(Permission.EVENTS_DECLARE)
@require_safe
def report(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The report on paper. Raises NotFound."""
    from yishi.kit.paper import Paper  # what draws is large, and needed only here

    at, asked = now(), whole_number(request.GET.get("event", ""))
    if asked is None:
        raise NotFound()
    found = event_report(viewer=viewer, event_id=asked, at=at)
    paper = Paper(title=_("大范围延误报告"), foot=_("%(when)s 生成") % {"when": _said(at)})
    for line in report_text(found).split("\n")[:2]:
        paper.text(line)
    paper.facts([(word, str(count)) for word, count in _numbers(found)])
    paper.note(
        _("顺延的只有处理时限：首次答复、进展答复和法定时限照走；每件工单的时间线写明停了多久、为什么。")
    )
    return HttpResponse(
        paper.pdf(),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="event-{asked}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
