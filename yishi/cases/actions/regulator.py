"""Before the regulator (12305): that its notice came, and that it has its answer. A flag, not a status."""

from datetime import datetime, timedelta

from django.db import transaction

from yishi.cases.actions.hold import check_may, check_text, hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import RegulatorLifted, RegulatorNoticed
from yishi.cases.models.history import Audience, Author
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.people.rules import Permission, Viewer

MOST_DAYS = 60
LONGEST_AGO = timedelta(days=366)


class NotBeforeRegulator(Refusal):
    """这件工单没有在邮政申诉中"""

    code = "not_before_regulator"


@transaction.atomic
def note_regulator_notice(
    *,
    case_id: int,
    received_at: datetime,
    notice_no: str = "",
    within_days: int | None = None,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> int:
    """Notes that the authority has sent the complaint on (转告) and waits for an answer, from `received_at`.

    `within_days` is what the notice itself says. Also on a case that is over: the authority asks whatever we
    have settled. Returns the entry's id. Raises Invalid, Stale.
    """
    check_may(by, Permission.CASE_WRITE)
    number, note = check_text(notice_no, pointer="/notice_no", is_required=False)
    errors = []
    if received_at > at:
        errors.append(("/received_at", "in_the_future", "收到的时间不会晚于现在"))
    elif received_at < at - LONGEST_AGO:
        errors.append(("/received_at", "out_of_range", "收到的时间不会早于一年前"))
    if within_days is not None and not 1 <= within_days <= MOST_DAYS:
        errors.append(("/within_days", "out_of_range", "答复期限在 1 到 60 天之间"))
    if len(number) > 60:
        errors.append(("/notice_no", "too_long", "最多 60 字"))
    if errors:
        raise Invalid(errors)
    case = hold_case(case_id=case_id, version=version)
    data = {**note, "notice_no": number, "received_at": received_at.isoformat(), "days": within_days}
    author = Author.SYSTEM if by.kind == "SYSTEM" else None
    entry = write_entry(case, "REGULATOR_NOTICE", Audience.INTERNAL, by=by, at=at, author=author, data=data)
    case.is_before_regulator = True
    keep(case, "is_before_regulator")
    announce(
        RegulatorNoticed(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            entry_id=entry.pk,
            received_at=received_at,
            within_days=within_days,
            at=at,
        )
    )
    return entry.pk


def mark_from_regulator(*, case_id: int) -> None:
    """Part of opening a case that the authority itself sent: the flag alone, its source says the rest."""
    query = "UPDATE cases_case SET is_before_regulator = true WHERE id = %s"
    hot_cursor().execute(query, [case_id], prepare=True)


@transaction.atomic
def lift_regulator(*, case_id: int, text: str, by: Viewer, at: datetime, version: int | None = None) -> int:
    """Notes that the authority has its answer: the flag goes, its clock is kept or broken at `at`.

    `text` says what was answered or decided. Returns the entry's id. Raises
    NotBeforeRegulator, Invalid, Stale.
    """
    check_may(by, Permission.CASE_WRITE)
    kept, note = check_text(text)
    case = hold_case(case_id=case_id, version=version)
    if not case.is_before_regulator:
        raise NotBeforeRegulator()
    entry = write_entry(case, "REGULATOR_LIFTED", Audience.INTERNAL, by=by, at=at, text=kept, data=note)
    case.is_before_regulator = False
    keep(case, "is_before_regulator")
    announce(
        RegulatorLifted(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, entry_id=entry.pk, at=at
        )
    )
    return entry.pk
