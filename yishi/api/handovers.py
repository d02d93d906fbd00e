"""A case that another outlet has offered: accepted, or refused with proof, for programs of staff."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router

from yishi.api import schemas as s
from yishi.api.auth import viewer_of
from yishi.api.bodies import read_with_files
from yishi.api.problems import Problem
from yishi.api.shapes import case_shape
from yishi.cases.queries.cards import access_case
from yishi.kit.clock import now
from yishi.kit.errors import NotFound
from yishi.kit.files import store_upload
from yishi.people.rules import Permission, Viewer
from yishi.routing.actions import handovers
from yishi.routing.queries.handovers import list_handovers

router = Router(tags=["cases"])
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429), Problem)


class RefuseIn(s.Strict):
    """`shown`: ids of evidence that the case has already and that proves it is not ours."""

    reason: s.Text
    shown: list[UUID] = []


_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
_REFUSE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": RefuseIn.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "answer": {"type": "string", "description": "the same JSON"},
                        "attachments": _FILES,
                    },
                }
            },
        },
    }
}


@router.post("/{case_no}/handover/accept", response={200: s.CaseOut, **REFUSALS})
def post_accept(request: HttpRequest, case_no: str) -> Any:
    """The outlet that was asked takes the case and leads it from now on. 404 where nothing was offered, 409
    where the offer was answered or taken back."""
    viewer, case_id, handover_id = _offered(request, case_no)
    handovers.accept(handover_id=handover_id, by=viewer, at=now())
    return case_shape(case_id, viewer)


@router.post("/{case_no}/handover/refuse", response={200: s.CaseOut, **REFUSALS}, openapi_extra=_REFUSE_BODY)
def post_refuse(request: HttpRequest, case_no: str) -> Any:
    """ "Not ours", with a reason and proof: new files, or evidence that the case has already. Without proof
    422; the second refusal sends the case up to head office. The answer shows the case for the last time."""
    viewer, case_id, handover_id = _offered(request, case_no)
    body, uploads = read_with_files(request, RefuseIn, part="answer", files="attachments")
    with transaction.atomic():
        files = [store_upload(upload=one, retention_class="EVIDENCE", at=now()).id for one in uploads]
        handovers.refuse(
            handover_id=handover_id, reason=body.reason, files=files, shown=body.shown, by=viewer, at=now()
        )
    return case_shape(case_id, viewer)


def _offered(request: HttpRequest, case_no: str) -> tuple[Viewer, int, int]:
    """The caller, the case and its newest hand-over."""
    viewer = viewer_of(request, Permission.CASE_ASSIGN)
    case = access_case(viewer=viewer, case_no=case_no)
    known = list_handovers(case.id)
    if not known:
        raise NotFound()
    return viewer, case.id, known[0].id
