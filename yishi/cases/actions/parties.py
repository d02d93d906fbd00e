"""Other outlets get a part in a case and lose it; lines and proof that a later room adds to its history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.evidence import attach
from yishi.cases.actions.hold import check_text, hold_case, tell
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CaseAssigned
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience
from yishi.cases.models.parties import CaseParty, Part
from yishi.kit.errors import NotFound
from yishi.kit.facts import announce
from yishi.network.models import Outlet
from yishi.people.rules import Viewer


@transaction.atomic
def note_inside(
    *,
    case_id: int,
    kind: str,
    text: str,
    data: Mapping[str, Any],
    files: Sequence[UUID] = (),
    by: Viewer,
    at: datetime,
) -> int:
    """An internal line of a later room's own kind, in its author's name, with proof; also on a case that is
    over. Returns the entry's id. Raises TooMuchEvidence."""
    case = hold_case(case_id=case_id)
    kept, note = check_text(text, is_required=False)
    entry = write_entry(
        case, kind, Audience.INTERNAL, by=by, at=at, text=kept, data={**note, **data, "files": len(files)}
    )
    attach(case, entry, files, by=by, at=at)
    _tell_all(case)
    return entry.pk


@transaction.atomic
def give_part(*, case_id: int, outlet_id: int, part: Part, why: str, by: Viewer, at: datetime) -> bool:
    """From now on the outlet sees the case, and works on it where it has joined; False when it did before."""
    case = hold_case(case_id=case_id)
    _row, is_new = CaseParty.objects.get_or_create(
        case=case,
        outlet_id=outlet_id,
        part=part,
        until=None,
        defaults={"why": why, "by_id": by.user_id, "since": at},
    )
    _tell_all(case)
    return is_new


@transaction.atomic
def end_part(*, case_id: int, outlet_id: int, part: Part, at: datetime) -> bool:
    """The outlet has that part no longer; what it wrote stays. False when it had none."""
    case = hold_case(case_id=case_id)
    _tell_all(case)
    live = CaseParty.objects.filter(case=case, outlet_id=outlet_id, part=part, until__isnull=True)
    return live.update(until=at) > 0


@transaction.atomic
def move_lead(
    *,
    case_id: int,
    outlet_id: int,
    assignee_id: int | None,
    keeps_part: str = "",
    version: int | None = None,
    by: Viewer,
    at: datetime,
) -> None:
    """Another outlet answers for the case from now on; the clocks run on.

    The outlet that led stays in it as a party where `keeps_part` says why. What the new lead had as a part
    ends. The caller has decided that it may be so. Raises NotFound for a closed outlet, Stale, CaseIsOver.
    """
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    outlet = Outlet.objects.filter(pk=outlet_id, is_active=True).first()
    if outlet is None:
        raise NotFound()
    old = case.outlet
    CaseParty.objects.filter(case=case, outlet=outlet, until__isnull=True).update(until=at)
    if keeps_part and old is not None:
        CaseParty.objects.create(
            case=case, outlet=old, part=Part.JOINED, why=keeps_part, by_id=by.user_id, since=at
        )
    case.outlet, case.assignee_id = outlet, assignee_id
    case.version += 1
    case.save(update_fields=["outlet", "assignee", "version"])
    write_entry(case, "ROUTED", Audience.PUBLIC, by=by, at=at, data={"outlet": outlet.name})
    _tell_all(case)
    tell(case, *([old.code] if old else []))
    announce(
        CaseAssigned(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            outlet_id=outlet.pk,
            assignee_id=assignee_id,
            at=at,
        )
    )


def _tell_all(case: Case) -> None:
    """Nudges the pages of every outlet that has a part in it."""
    codes = CaseParty.objects.filter(case=case, until__isnull=True).values_list("outlet__code", flat=True)
    tell(case, *codes)
