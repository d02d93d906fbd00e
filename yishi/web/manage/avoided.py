"""少了多少投诉: what telling people ahead did, by a group that nobody told; and the share of that group."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yishi.cases.queries.avoided import (
    AROUND,
    MOST_CASES,
    TOLD,
    UNTOLD,
    Avoided,
    complaints_avoided,
    complaints_of_group,
)
from yishi.detection.actions.hold_out import set_hold_out
from yishi.detection.queries.words import kind_words
from yishi.detection.rules.avoided import FEWEST, HOLDABLE, MOST_PERCENT, WITHIN, Estimate, Group
from yishi.detection.rules.kinds import Kind
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of

GROUPS = (TOLD, UNTOLD)


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def avoided(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Every kind with its groups, difference and estimate; a POST sets the share of one kind."""
    if request.method != "POST":
        return _page(request, viewer)
    try:
        _set(request, viewer)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('manage:avoided')}?done=set#kind-{request.POST['kind']}")


def _set(request: HttpRequest, viewer: Viewer) -> None:
    said = request.POST
    percent = whole_number(said.get("percent", ""))
    if percent is None:
        raise Invalid([("/percent", "not_a_number", "写整数")])
    set_hold_out(
        kind=said.get("kind", ""), percent=percent, reason=said.get("reason", ""), by=viewer, at=now()
    )


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def cases(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The cases behind one figure."""
    kind, group = (request.GET.get(name, "") for name in ("kind", "group"))
    if kind not in Kind.__members__ or group not in GROUPS:
        raise NotFound()
    values = {
        "here": "manage",
        "tab": "detection",
        "word": kind_words(kind),
        "is_told": group == TOLD,
        "cases": complaints_of_group(viewer=viewer, kind=kind, group=group, at=now()),
        "most": MOST_CASES,
        "within": WITHIN.days,
    }
    return desk_page(request, viewer, "manage/avoided_cases.html", values)


def _page(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    at = now()
    rows = [_row(one) for one in complaints_avoided(viewer=viewer, kinds=[*Kind], at=at)]
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "detection",
        "rows": [row for row in rows if row["may_hold"] or row["estimate"]],
        "most": MOST_PERCENT,
        "within": WITHIN.days,
        "around": AROUND.days,
        "fewest": FEWEST,
        "typed": request.POST if refusal else {},
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/avoided.html", values, status=status, at=at)


def _row(one: Avoided) -> dict[str, Any]:
    comparison = one.comparison
    return {
        "kind": one.kind,
        "word": kind_words(one.kind),
        "may_hold": one.kind in HOLDABLE,
        "percent": comparison.percent if comparison and comparison.is_running else 0,
        "comparison": comparison,
        "live": one.live,
        "is_weak": one.is_weak,
        "estimate": _told(one.estimate) if one.estimate else None,
    }


def _told(estimate: Estimate) -> dict[str, Any]:
    low, high = estimate.interval
    least, most = estimate.avoided_interval
    return {
        "groups": [
            (TOLD, _("告诉了"), estimate.told, _percent(estimate.told)),
            (UNTOLD, _("没告诉"), estimate.untold, _percent(estimate.untold)),
        ],
        "difference": f"{100 * estimate.difference:+.1f}",
        "low": f"{100 * low:+.1f}",
        "high": f"{100 * high:+.1f}",
        "avoided": f"{estimate.avoided:.0f}",
        "least": f"{least:.0f}",
        "most": f"{most:.0f}",
        "is_small": estimate.is_small,
        "is_sure": estimate.is_sure,
        "is_worse": estimate.is_sure and estimate.difference < 0,
    }


def _percent(group: Group) -> str:
    return f"{100 * group.share:.1f}" if group.parcels else ""
