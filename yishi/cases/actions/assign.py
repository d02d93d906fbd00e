"""Who answers for a case; and what later rooms note on it: its first place, its next due time."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yishi.cases.actions.hold import HEAD_OFFICE, check_may, check_text, hold_case, tell
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CaseAssigned
from yishi.cases.models.history import Audience, Author
from yishi.cases.rules.status import NEVER
from yishi.kit.errors import NotAllowed, NotFound
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.live import CHANNEL, words_of
from yishi.kit.phrases import Phrase
from yishi.network.models import Outlet
from yishi.people.models import User
from yishi.people.rules import Permission, Viewer

_PLACE = """
WITH placed AS (UPDATE cases_case SET outlet_id = %s, assignee_id = %s WHERE id = %s RETURNING id),
told AS (
  INSERT INTO cases_timeline_entry (case_id, kind, audience, text, data, author_kind, author_id, at)
  SELECT id, 'ROUTED', audience, '', data::jsonb, 'SYSTEM', NULL, %s
    FROM placed, (VALUES ('PUBLIC', %s), ('INTERNAL', %s)) AS line (audience, data))
SELECT pg_notify(%s, %s)
"""
_DUE = "UPDATE cases_case SET next_due_at = %s WHERE id = %s"
_DUE_TOO = "UPDATE cases_case SET next_due_at = least(next_due_at, %s) WHERE id = %s"


def place_case(
    *,
    case_id: int,
    outlet_id: int | None,
    outlet_code: str,
    outlet_name: str,
    assignee_id: int | None,
    reason: Mapping[str, Any],
    at: datetime,
) -> None:
    """The first routing, inside opening: sets the place and writes where to (public) and why (internal)."""
    public = json.dumps({"outlet": outlet_name})
    internal = json.dumps({"outlet": outlet_name, **reason})
    said = [CHANNEL, words_of(f"outlet:{outlet_code or HEAD_OFFICE}")]
    values: list[Any] = [outlet_id, assignee_id, case_id, at, public, internal, *said]
    hot_cursor().execute(_PLACE, values, prepare=True)


def note_next_due(*, case_id: int, due_at: datetime | None, is_one_more: bool = False) -> None:
    """Keeps the strictest running promise beside the case, for the worklist; None when none runs.

    `is_one_more`: this promise was added to what may run already.
    """
    hot_cursor().execute(_DUE_TOO if is_one_more else _DUE, [due_at or NEVER, case_id], prepare=True)


@transaction.atomic
def assign(
    *,
    case_id: int,
    outlet_id: int | None,
    assignee_id: int | None,
    reason: str | Phrase,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Gives the case to an outlet (None = head office) and perhaps a person; the clocks run on.

    Raises NotFound for an unknown or inactive outlet or person, NotAllowed when the case stands out of
    the viewer's sight, Stale, CaseIsOver.
    """
    check_may(by, Permission.CASE_ASSIGN)
    kept, note = check_text(reason, pointer="/reason")
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    old = case.outlet
    if not by.sees_outlet(old.code if old else None):
        raise NotAllowed()
    outlet = _outlet(outlet_id)
    person = _person(assignee_id)
    case.outlet, case.assignee = outlet, person
    case.version += 1
    case.save(update_fields=["outlet", "assignee", "version"])
    data = {**note, "outlet": outlet.name if outlet else "", "user_id": assignee_id}
    author = Author.SYSTEM if by.kind == "SYSTEM" else Author.STAFF
    write_entry(case, "ASSIGNED", Audience.INTERNAL, by=by, at=at, author=author, text=kept, data=data)
    if (outlet.pk if outlet else None) != (old.pk if old else None):
        write_entry(
            case, "ROUTED", Audience.PUBLIC, by=by, at=at, author=author, data={"outlet": data["outlet"]}
        )
    tell(case, old.code if old else HEAD_OFFICE)
    announce(
        CaseAssigned(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            outlet_id=outlet.pk if outlet else None,
            assignee_id=assignee_id,
            at=at,
        )
    )


def _outlet(outlet_id: int | None) -> Outlet | None:
    if outlet_id is None:
        return None
    outlet = Outlet.objects.filter(pk=outlet_id, is_active=True).first()
    if outlet is None:
        raise NotFound()
    return outlet


def _person(user_id: int | None) -> User | None:
    if user_id is None:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound()
    return user
