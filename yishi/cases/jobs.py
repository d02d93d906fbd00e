"""Cases that are settled close by themselves when nobody objects in time."""

from datetime import datetime
from itertools import takewhile

from django.db import transaction

from yishi.cases.actions.exports import make_next_export
from yishi.cases.actions.search import fill_some
from yishi.cases.actions.status import close_case
from yishi.cases.models.case import Case
from yishi.cases.models.tasks import Reminder
from yishi.kit.live import nudge
from yishi.people.rules import SYSTEM_VIEWER


def sweep_resolved(*, at: datetime, limit: int = 200) -> int:
    """Closes up to `limit` settled cases whose time is over; returns how many."""
    closed = 0
    for _ in range(limit):
        with transaction.atomic():
            due = Case.objects.filter(closes_at__lte=at).order_by("closes_at").values_list("pk", flat=True)
            case_id = due.select_for_update(skip_locked=True).first()
            if case_id is None:
                break
            close_case(case_id=case_id, at=at, by=SYSTEM_VIEWER)
            closed += 1
    return closed


def sweep_search_filling(*, at: datetime, limit: int = 500) -> int:
    """Indexes up to `limit` old cases for search; returns how many."""
    return fill_some(at=at, limit=limit)


def sweep_reminders(*, at: datetime, limit: int = 200) -> int:
    """Tells up to `limit` people that their moment has come: the desk shows it; returns how many."""
    with transaction.atomic():
        due = Reminder.objects.filter(due_at__lte=at, told_at__isnull=True, done_at__isnull=True)
        rows = list(due.select_for_update(skip_locked=True).order_by("due_at")[:limit])
        Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
        if rows:
            nudge(*sorted({f"user:{row.user_id}" for row in rows}))
    return len(rows)


def sweep_exports(*, at: datetime, limit: int = 1) -> int:
    """Makes up to `limit` files of long lists; returns how many."""
    return sum(1 for _ in takewhile(bool, (make_next_export(at=at) for _ in range(limit))))
