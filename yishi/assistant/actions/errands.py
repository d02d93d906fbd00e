"""What the assistant must still do, one row each: an answer, a summary. Done outside any transaction."""

from datetime import datetime, timedelta

from django.db import transaction

from yishi.assistant.models import Errand

ANSWER, SUMMARY = "ANSWER", "SUMMARY"
LEASE = timedelta(seconds=60)
MOST_TRIES = 5


def note_errand(*, kind: str, subject_id: int, due_at: datetime) -> None:
    """Something to do at `due_at`; noted twice it is done once."""
    row = Errand(kind=kind, subject_id=subject_id, due_at=due_at)
    Errand.objects.bulk_create([row], ignore_conflicts=True)


def end_errand(*, kind: str, subject_id: int) -> None:
    """It has been done, or there is nothing to do any more."""
    Errand.objects.filter(kind=kind, subject_id=subject_id).delete()


@transaction.atomic
def claim_errands(*, at: datetime, limit: int) -> list[tuple[str, int]]:
    """Due errands for one worker, until the lease ends; one that failed five times waits for a person."""
    rows = list(
        Errand.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=at, tries__lt=MOST_TRIES)
        .order_by("due_at")[:limit]
    )
    for row in rows:
        row.tries += 1
        row.due_at = at + LEASE * row.tries
        row.save(update_fields=["tries", "due_at"])
    return [(row.kind, row.subject_id) for row in rows]
