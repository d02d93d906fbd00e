"""One set of steps for many cases: tried first, then done one by one, each case in its own transaction."""

import logging
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop

from yishi.automation.actions.macros import run_steps, try_steps
from yishi.automation.actions.opening import Opening, check_opening, open_for_parcel, try_opening
from yishi.automation.models.macros import Bulk, BulkRow, BulkState, RowState
from yishi.automation.queries.macros import macros_of
from yishi.automation.rules.steps import Step, faults_of, kept_steps, read_steps
from yishi.cases.actions.assign import assign
from yishi.cases.queries.cards import get_case
from yishi.cases.queries.views import case_ids_in_sight
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.phrases import Phrase, lines_of, say
from yishi.people.queries import person_of, require, viewer_of_user
from yishi.people.rules import Permission, Viewer

log = logging.getLogger(__name__)

MOST = 500
AT_ONCE = 50
"""Up to so many are done while the person waits; more by the worker, with progress."""

CUT_OFF = timedelta(minutes=1)

_NEXT: Mapping[str, tuple[RowState, BulkState]] = {
    BulkState.CHECKING: (RowState.WAITING, BulkState.CHECKED),
    BulkState.RUNNING: (RowState.FITS, BulkState.DONE),
    BulkState.UNDOING: (RowState.DONE, BulkState.UNDONE),
}


class NothingChosen(Invalid):
    """先选几件工单"""

    code = "nothing_chosen"


class TooManyCases(Refusal):
    """一次最多 500 件，先用筛选缩小"""

    code = "too_many_cases"
    status = 413


def ask_bulk(
    *,
    key: uuid.UUID,
    case_nos: Sequence[str],
    steps: Iterable[Mapping[str, Any]] = (),
    macro_id: int | None = None,
    opening: Opening | None = None,
    by: Viewer,
    at: datetime,
) -> uuid.UUID:
    """Tries the steps (or a macro's) on these cases and keeps what each would say; nothing changes yet.

    With an `opening`, a case is opened for each of its parcels too (and the steps done to it). The same key
    again is the same bulk. Cases out of sight are left out as if they did not exist. Raises Invalid,
    NothingChosen, TooManyCases, NotFound for an unknown macro.
    """
    require(by, Permission.CASE_WRITE)
    if Bulk.objects.filter(key=key, by_id=by.user_id).exists():
        return key
    wanted = list(dict.fromkeys(case_nos))
    parcels = list(dict.fromkeys(opening.waybill_nos)) if opening else []
    if len(wanted) + len(parcels) > MOST:
        raise TooManyCases()
    if opening:
        check_opening(opening)
    said = list(steps)
    is_only_opening = bool(parcels) and not wanted and not said and macro_id is None
    read = () if is_only_opening else _steps(macro_id, said, by)
    ids = case_ids_in_sight(viewer=by, case_nos=wanted)
    rows: list[tuple[int | None, str]] = [(ids[case_no], "") for case_no in wanted if case_no in ids]
    rows += [(None, waybill_no) for waybill_no in parcels]
    if not rows:
        raise NothingChosen()
    with transaction.atomic():
        bulk, is_new = Bulk.objects.get_or_create(
            key=key,
            defaults={
                "steps": kept_steps(read), "macro_id": macro_id, "by_id": person_of(by),
                "opens": opening.category if opening else "", "says": opening.text if opening else "",
                "asked_at": at, "due_at": _due(len(rows), at),
            },
        )  # fmt: skip
        if not is_new:
            raise NotFound()
        BulkRow.objects.bulk_create(
            BulkRow(bulk=bulk, case_id=case_id, waybill_no=waybill_no, place=place)
            for place, (case_id, waybill_no) in enumerate(rows)
        )
    if len(rows) <= AT_ONCE:
        advance(bulk_id=bulk.pk, at=at, most=AT_ONCE)
    return key


def _steps(macro_id: int | None, said: Iterable[Mapping[str, Any]], by: Viewer) -> tuple[Step, ...]:
    if macro_id is not None:
        macro = macros_of(by).filter(pk=macro_id).first()
        if macro is None:
            raise NotFound()
        return read_steps(macro.steps)
    read = read_steps(said)
    if faults := faults_of(read):
        raise Invalid(faults)
    return read


def run_bulk(*, key: uuid.UUID, by: Viewer, at: datetime) -> None:
    """Does what was tried, to the cases that fit. A second press does nothing. Raises NotFound."""
    _begin(key, by, at, BulkState.CHECKED, BulkState.RUNNING)


def undo_bulk(*, key: uuid.UUID, by: Viewer, at: datetime) -> None:
    """Gives the cases back to who had them, where nobody has touched them since. Raises NotFound."""
    _begin(key, by, at, BulkState.DONE, BulkState.UNDOING)


def _begin(key: uuid.UUID, by: Viewer, at: datetime, old: BulkState, new: BulkState) -> None:
    mine = Bulk.objects.filter(key=key, by_id=by.user_id or 0)
    bulk = mine.first()
    if bulk is None:
        raise NotFound()
    left = BulkRow.objects.filter(bulk=bulk, state=_NEXT[new][0]).count()
    if not mine.filter(state=old).update(state=new, due_at=_due(left, at)):
        return
    if left <= AT_ONCE:
        advance(bulk_id=bulk.pk, at=at, most=AT_ONCE)


def _due(rows: int, at: datetime) -> datetime:
    """The worker takes up long ones; a short one only when whoever waits for it was cut off."""
    return at if rows > AT_ONCE else at + CUT_OFF


def advance(*, bulk_id: int, at: datetime, most: int) -> int:
    """Does up to `most` rows of what the bulk is at, each in its own transaction; returns how many."""
    bulk = Bulk.objects.select_related("by", "macro").get(pk=bulk_id)
    if bulk.state not in _NEXT:
        return 0
    waiting, then = _NEXT[bulk.state]
    done = 0
    with translation.override(bulk.by.language or "zh-hans"):
        while done < most and _one_row(bulk, waiting, at):
            done += 1
    if not BulkRow.objects.filter(bulk=bulk, state=waiting).exists():
        ended = at if then != BulkState.CHECKED else None
        Bulk.objects.filter(pk=bulk.pk, state=bulk.state).update(state=then, due_at=None, ended_at=ended)
    return done


def _one_row(bulk: Bulk, waiting: RowState, at: datetime) -> bool:
    """The next row, held while it is done, so that two workers never do it twice."""
    with transaction.atomic():
        rows = BulkRow.objects.filter(bulk=bulk, state=waiting).order_by("place")
        row = rows.select_for_update(skip_locked=True, of=("self",)).select_related("case").first()
        if row is None:
            return False
        viewer = viewer_of_user(bulk.by)
        try:
            with transaction.atomic():
                if not bulk.by.is_active:
                    raise NotFound()
                row.state, said = _deal(bulk, row, viewer, at)
        except Refusal as refusal:
            row.state, said = RowState.REFUSED, phrase_of_refusal(refusal)
        except Exception:  # the edge of a job: one row that breaks must not hold up the others
            log.exception("bulk row failed", extra={"bulk": bulk.pk, "row": row.pk})
            row.state, said = RowState.REFUSED, Phrase(gettext_noop("出了错，这一件没有改"))
        row.says, row.said = (said.plain(), said.kept()) if said else ("", {})
        row.save(update_fields=["state", "says", "said", "before", "case"])
    return True


def _deal(bulk: Bulk, row: BulkRow, viewer: Viewer, at: datetime) -> tuple[RowState, Phrase | None]:
    steps = read_steps(bulk.steps)
    if row.case is None:
        return _open(bulk, row, viewer, at)
    case_no = row.case.case_no
    if bulk.state == BulkState.CHECKING:
        refusal = try_steps(case_no=case_no, steps=steps, by=viewer, at=at)
        return (RowState.REFUSED, phrase_of_refusal(refusal)) if refusal else (RowState.FITS, None)
    if bulk.state == BulkState.UNDOING:
        assign(
            case_id=row.case.pk,
            outlet_id=row.before["outlet_id"],
            assignee_id=row.before["assignee_id"],
            reason=Phrase(gettext_noop("撤销批量转派")),
            version=row.before["version"],
            by=viewer,
            at=at,
        )
        return RowState.UNDONE, None
    old = row.case
    run_steps(case_no=case_no, steps=steps, by=viewer, at=at, name=_name(bulk))
    now_at = get_case(old.pk)
    row.before = {
        "outlet_id": old.outlet_id, "assignee_id": old.assignee_id, "version": now_at.version
    }  # fmt: skip
    return RowState.DONE, None


def _name(bulk: Bulk) -> str:
    return bulk.macro.name if bulk.macro else ""


def _open(bulk: Bulk, row: BulkRow, viewer: Viewer, at: datetime) -> tuple[RowState, Phrase | None]:
    """The parcel's case, tried or opened."""
    wanted = Opening(category=bulk.opens, text=bulk.says, waybill_nos=(row.waybill_no,))
    said: dict[str, Any] = {"steps": read_steps(bulk.steps), "name": _name(bulk), "by": viewer, "at": at}
    if bulk.state == BulkState.CHECKING:
        refusal = try_opening(opening=wanted, **said)
        return (RowState.REFUSED, phrase_of_refusal(refusal)) if refusal else (RowState.FITS, None)
    row.case_id = open_for_parcel(opening=wanted, **said)
    return RowState.DONE, None


def phrase_of_refusal(refusal: Refusal) -> Phrase:
    """What a refusal says of a row, to be kept: which values are wrong, a line each, or its own words."""
    if isinstance(refusal, Invalid) and refusal.errors:
        return lines_of(Phrase(detail) for _pointer, _code, detail in refusal.errors)
    values = {
        name: one if isinstance(one, int | Phrase) else str(one) for name, one in refusal.values.items()
    }
    return Phrase((refusal.__doc__ or "").strip(), values)


def why(refusal: Refusal) -> str:
    """What a refusal says, in the reader's language."""
    return say(phrase_of_refusal(refusal).kept())
