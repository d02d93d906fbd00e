"""Trouble that was found, for programs of staff."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from yishi.api.auth import viewer_of
from yishi.api.incident_schemas import IncidentListOut
from yishi.api.problems import Problem
from yishi.detection.queries.incidents import IncidentLine, list_incidents
from yishi.detection.queries.risks import RiskLine
from yishi.kit.errors import Invalid
from yishi.people.rules import Permission

router = Router(tags=["incidents"])
MAX_LIMIT = 100
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429), Problem)
_SAME = (
    "id", "kind", "certainty", "reason", "values", "place", "severity", "since", "opened_at", "closed_at",
    "case_no", "held",
)  # fmt: skip


@router.get("", response={200: IncidentListOut, **REFUSALS})
def get_incidents(
    request: HttpRequest,
    kind: str = "",
    outlet: str = "",
    open: bool = True,
    cursor: str = "",
    limit: int = 25,
) -> Any:
    """Incidents in sight, the worst first; with `open=false` those that are over, the newest first."""
    viewer = viewer_of(request, Permission.CASE_READ)
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid([("/limit", "out_of_range", "1 到 100")])
    page = list_incidents(viewer=viewer, kind=kind, outlet=outlet, is_open=open, cursor=cursor, limit=limit)
    return {"items": [incident_row(line) for line in page.items], "next_cursor": page.next_cursor}


def risk_row(line: RiskLine) -> dict[str, Any]:
    """A score on the wire."""
    told = zip(line.reasons, line.reason_words, strict=True)
    return {
        "level": line.level,
        "score": None if line.score is None else round(line.score, 4),
        "model_version": line.version_no,
        "reckoned_at": line.reckoned_at,
        "reasons": [{"key": key, "value": value, "text": text} for (key, value), text in told],
    }


def incident_row(line: IncidentLine) -> dict[str, Any]:
    """An incident on the wire; `fault` is who seems to be at fault, `certainty` how sure that is."""
    return {
        **{name: getattr(line, name) for name in _SAME},
        "fault": line.party,
        "outlet": line.outlet_code,
        "waybill_no": line.waybill_no or None,
        "carrier": line.carrier or None,
        "courier": line.courier_number or None,
        "text": line.reason_words,
        "steps": list(line.steps),
    }
