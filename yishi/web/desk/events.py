"""大范围延误: a storm, a closed road, a hub that stopped; declared once, told once, ended, reported."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yishi.detection.actions.events import declare_event, end_event
from yishi.detection.queries.events import area_of, list_events, region_outlets
from yishi.detection.queries.words import kind_words
from yishi.detection.rules.events import Area, Declared
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.queries import list_outlets
from yishi.notifications.queries.event_words import numbers_of, report_text, said_moment
from yishi.notifications.queries.events import event_report
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of


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
    said, own = request.POST, {one.code for one in list_outlets(viewer)}
    return area_of(
        viewer=viewer,
        outlets=[code for code in said.getlist("outlet") if code in own],
        regions=[code for code in said.getlist("region") if code in _regions(viewer)],
        hubs=_words(said.get("hubs", "")),
        cities=_words(said.get("cities", "")),
    )


def _regions(viewer: Viewer) -> dict[str, tuple[str, list[int]]]:
    """Only for those who see the whole operator."""
    return {} if viewer.outlet_codes is not None else region_outlets()


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
        "numbers": numbers_of(report) if report else [],
        "report_text": report_text(report) if report else "",
        "refused": words_of(refusal) if refusal else "",
        "now_local": timezone.localtime(at).strftime("%Y-%m-%dT%H:%M"),
    }
    return desk_page(
        request, viewer, "desk/events.html", values, status=refusal.status if refusal else 200, at=at
    )


@staff_page(Permission.EVENTS_DECLARE)
@require_safe
def report(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The report on paper. Raises NotFound."""
    from yishi.kit.paper import Paper  # what draws is large, and needed only here

    at, asked = now(), whole_number(request.GET.get("event", ""))
    if asked is None:
        raise NotFound()
    found = event_report(viewer=viewer, event_id=asked, at=at)
    paper = Paper(title=_("大范围延误报告"), foot=_("%(when)s 生成") % {"when": said_moment(at)})
    for line in report_text(found).split("\n")[:2]:
        paper.text(line)
    paper.facts([(word, str(count)) for word, count in numbers_of(found)])
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
