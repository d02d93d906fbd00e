"""What the person may ask of us beside words: somebody higher, or that we let it be."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_may, check_text, hold_case, keep, move
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CaseEscalated, CaseWithdrawn
from yishi.cases.models.history import Audience
from yishi.cases.rules.repeats import HIGHEST_PRIORITY
from yishi.cases.rules.status import ESCALATE_AGAIN_WITHIN, Status
from yishi.kit.errors import Refusal
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase
from yishi.people.rules import Permission, Viewer


class JustEscalated(Refusal):
    """刚刚已经升级过，负责人正在看；两小时后可以再升一级"""

    code = "just_escalated"


@transaction.atomic
def escalate_case(*, case_id: int, reason: str | Phrase = "", by: Viewer | None, at: datetime) -> int:
    """Asks for somebody higher: most pressing from now on. Returns the level (1 manager, 2 head office).

    Raises JustEscalated within two hours of the last time, CaseIsOver.
    """
    check_may(by, Permission.CASE_WRITE)
    kept, note = check_text(reason, pointer="/reason", is_required=False)
    case = hold_case(case_id=case_id, must_be_open=True)
    earlier = [entry.at for entry in case.entries.filter(kind="ESCALATED").only("at").order_by("id")]
    if earlier and at - earlier[-1] < ESCALATE_AGAIN_WITHIN:
        raise JustEscalated()
    level = min(len(earlier) + 1, 2)
    entry = write_entry(
        case, "ESCALATED", Audience.PUBLIC, by=by, at=at, text=kept, data={**note, "level": level}
    )
    case.priority = HIGHEST_PRIORITY
    keep(case, "priority")
    announce(
        CaseEscalated(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id if by else None,
            entry_id=entry.pk,
            level=level,
            at=at,
        )
    )
    return level


@transaction.atomic
def withdraw_case(*, case_id: int, reason: str = "", at: datetime) -> int:
    """The person lets it be; every promise stops. Returns the entry's id. Raises CaseIsOver."""
    kept, note = check_text(reason, pointer="/reason", is_required=False)
    case = hold_case(case_id=case_id, must_be_open=True)
    entry = write_entry(case, "WITHDRAWN", Audience.PUBLIC, by=None, at=at, text=kept, data=note)
    old = move(case, Status.WITHDRAWN)
    case.closed_at = at
    keep(case, "status", "closed_at")
    announce(CaseWithdrawn(case_id=case.pk, case_no=case.case_no, entry_id=entry.pk, old=old, at=at))
    return entry.pk
