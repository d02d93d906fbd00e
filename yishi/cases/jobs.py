"""Cases that are settled close by themselves when nobody objects in time."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.status import close_case
from yishi.cases.models.case import Case
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
