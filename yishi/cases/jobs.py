"""Work of cases that is due: closing what nobody objects to, reminders, exports, work orders of others."""

from datetime import datetime
from itertools import takewhile

from django.db import transaction

from yishi.cases.actions.exports import make_next_export
from yishi.cases.actions.reconcile import ask_sources, compare_all
from yishi.cases.actions.search import fill_some
from yishi.cases.actions.status import close_case
from yishi.cases.actions.work_order_answers import claim_next_answer, send_claimed
from yishi.cases.actions.work_order_rows import work_on_next_run
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


def sweep_work_orders(*, at: datetime, limit: int = 5) -> int:
    """Takes the next rows of up to `limit` hand-ins of work orders; returns how many times it did."""
    return sum(1 for _ in takewhile(bool, (work_on_next_run(at=at) for _ in range(limit))))


def sweep_order_answers(*, at: datetime, limit: int = 5) -> int:
    """Hands up to `limit` answers in at their sources; returns how many it tried."""
    sent = 0
    for _ in range(limit):
        claimed = claim_next_answer(at=at)
        if claimed is None:
            break
        send_claimed(claimed, at=at)
        sent += 1
    return sent


def ask_order_sources(*, at: datetime) -> None:
    """Nightly: the sources of work orders are asked how these stand there."""
    ask_sources(at=at)


def compare_work_orders(*, at: datetime) -> int:
    """Nightly, later: what differs between there and here is written down; how much is new."""
    return compare_all(at=at)
