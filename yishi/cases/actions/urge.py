"""催一催: the person presses. It counts, it makes the case more pressing, and whoever has it sees it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yishi.cases.actions.hold import hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CaseUrged
from yishi.cases.models.history import Audience
from yishi.cases.rules.urging import urged_priority, urges_again_at
from yishi.kit.errors import Refusal
from yishi.kit.facts import announce


class JustUrged(Refusal):
    """刚刚催过，网点看到了；%(again)s 后还没动静，可以再催"""

    code = "just_urged"


@transaction.atomic
def urge_case(*, case_id: int, at: datetime) -> int:
    """The person presses, at most every two hours and three times a day. Returns how often he has by now.

    Raises JustUrged, CaseIsOver.
    """
    case = hold_case(case_id=case_id, must_be_open=True)
    zone = ZoneInfo(settings.TIME_ZONE)
    earlier = list(case.entries.filter(kind="URGED").values_list("at", flat=True))
    if again_at := urges_again_at(earlier, at, zone):
        raise JustUrged(again=f"{again_at.astimezone(zone):%m-%d %H:%M}")
    case.urges += 1
    case.priority = urged_priority(case.priority, case.urges)
    entry = write_entry(
        case, "URGED", Audience.PUBLIC, by=None, at=at, data={"times": case.urges, "priority": case.priority}
    )
    keep(case, "urges", "priority")
    announce(
        CaseUrged(
            case_id=case.pk,
            case_no=case.case_no,
            entry_id=entry.pk,
            times=case.urges,
            priority=case.priority,
            assignee_id=case.assignee_id,
            at=at,
        )
    )
    return case.urges
