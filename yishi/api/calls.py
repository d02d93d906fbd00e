"""What came of a telephone call, pushed back by its gateway; the address is its proof."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from yishi.api import schemas as s
from yishi.api.auth import address_of
from yishi.api.problems import Problem
from yishi.kit.clock import now
from yishi.kit.errors import NotFound
from yishi.kit.ratelimit import check_rate
from yishi.notifications.actions.calls import hear_call
from yishi.notifications.queries.calls import is_of_call
from yishi.notifications.rules import CallState

router = Router(tags=["public"])
REFUSALS = dict.fromkeys((400, 404, 415, 422, 429), Problem)
CALLS_A_MINUTE = 600


class CallIn(s.Strict):
    """`pressed`: the key, only with `answered`."""

    state: Literal["answered", "no_answer", "busy", "failed"]
    pressed: str = Field(default="", max_length=1, pattern=r"^[0-9*#]?$")


class CallOut(s.Strict):
    """`is_new`: false for what was known, which changes nothing."""

    is_new: bool


@router.post("/calls/{notice_id}/{token}", response={200: CallOut, **REFUSALS}, auth=None)
def post_call(request: HttpRequest, notice_id: uuid.UUID, token: str, body: CallIn) -> Any:
    """What came of one of our calls. 404 for an address that we did not give out."""
    check_rate(kind="call state", key=address_of(request), limit=CALLS_A_MINUTE, window_s=60, at=now())
    if not is_of_call(str(notice_id), token):
        raise NotFound()
    state = CallState(body.state.upper())
    if body.pressed and state is CallState.ANSWERED:
        state = CallState.PRESSED
    return {"is_new": hear_call(notice_id=notice_id, state=state, pressed=body.pressed, at=now())}
