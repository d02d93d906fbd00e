"""异常: what the system found about parcels in sight, the worst first, and what a mass incident holds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yishi.detection.queries.incidents import (
    KINDS,
    IncidentLine,
    count_open,
    list_incidents,
    list_members,
)
from yishi.detection.queries.words import kind_words
from yishi.network.queries import list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number
from yishi.web.shared.words import Sign

LIMIT = 50
SHADOW = "shadow"
_ROLES = {5: "is-bad", 4: "is-bad", 3: "is-warn", 2: "is-warn"}


@staff_page(Permission.CASE_READ)
@require_safe
def incidents(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list, by kind and outlet; what only runs in shadow for those who keep the policies."""
    said = request.GET
    kind = said.get("kind", "") if said.get("kind") in KINDS else ""
    outlet, cursor = (said.get(name, "").replace("\x00", "")[:200] for name in ("outlet", "cursor"))
    is_shadow = said.get("show") == SHADOW and viewer.may(Permission.POLICY_MANAGE)
    is_over = said.get("show") == "over"
    mass_id = whole_number(said.get("mass", ""))
    page = list_incidents(
        viewer=viewer,
        kind=kind,
        outlet=outlet,
        is_open=not is_over,
        is_shadow=is_shadow,
        cursor=cursor,
        limit=LIMIT,
    )
    lines = list_members(viewer=viewer, mass_id=mass_id) if mass_id is not None else page.items
    counts = count_open(viewer=viewer)
    values: dict[str, Any] = {
        "here": "incidents",
        "rows": [(line, sign_of(line)) for line in lines],
        "kinds": [(k, kind_words(k), n) for k, n in sorted(counts.items(), key=lambda pair: -pair[1])],
        "total": sum(counts.values()),
        "kind": kind,
        "kind_word": kind_words(kind) if kind else "",
        "outlet": outlet,
        "outlets": list_outlets(viewer),
        "show": SHADOW if is_shadow else "over" if is_over else "",
        "mass_id": mass_id,
        "may_shadow": viewer.may(Permission.POLICY_MANAGE),
        "next_cursor": page.next_cursor if mass_id is None else None,
    }
    return desk_page(request, viewer, "desk/incidents.html", values)


def sign_of(line: IncidentLine) -> Sign:
    """How urgent it looks: over is quiet, shadow is only looked at."""
    if line.closed_at is not None:
        return Sign(line.kind_words, "ok", "is-idle")
    if line.is_shadow:
        return Sign(line.kind_words, "info", "is-idle")
    return Sign(line.kind_words, "alert", _ROLES.get(line.severity, "is-idle"))
