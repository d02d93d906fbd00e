"""All that waits in quarantine for one cause, sent through the ingest path once more: a job with progress."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from yishi.feeds.actions.inbox import NothingToReplay, send_again
from yishi.feeds.models import RawInput, RawState, ReplayRun, Source
from yishi.feeds.queries.sources import get_source
from yishi.kit.errors import Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


class ReplayGoesOn(Refusal):
    """这一组正在重新处理，等它做完"""

    code = "replay_goes_on"
    status = 409


@transaction.atomic
def replay_group(*, source: str, reason: str, by: Viewer, at: datetime) -> int:
    """Asks for all bodies of this source and cause to be tried once more; the number of the run.

    What comes in meanwhile is not part of it. Raises NotAllowed, NotFound, NothingToReplay, ReplayGoesOn.
    """
    require(by, Permission.FEEDS_MANAGE)
    source_id = get_source(source).id
    # the source's row first: asked twice at once, the second is told that it goes on
    Source.objects.select_for_update().get(pk=source_id)
    if ReplayRun.objects.filter(source_id=source_id, reason=reason, due_at__isnull=False).exists():
        raise ReplayGoesOn
    waiting = list(_waiting(source_id, reason).order_by("-id").values_list("id", flat=True))
    if not waiting:
        raise NothingToReplay
    return ReplayRun.objects.create(
        source_id=source_id,
        reason=reason,
        asked_by=by.label,
        asked_at=at,
        due_at=at,
        last_raw_id=waiting[0],
        total=len(waiting),
    ).pk


def _waiting(source_id: int, reason: str) -> QuerySet[RawInput]:
    return RawInput.objects.filter(source_id=source_id, reason=reason, state=RawState.QUARANTINED)


@transaction.atomic
def advance_replay(*, at: datetime) -> bool:
    """Sends the next body of the run that is due first; False when no run is due.

    Each body has its own commit, kept together with how far the run has come: killed, it goes on there.
    """
    due = ReplayRun.objects.filter(due_at__lte=at).order_by("due_at", "id")
    run = due.select_for_update(skip_locked=True).first()
    if run is None:
        return False
    waiting = _waiting(run.source_id, run.reason).filter(id__gt=run.reached_raw_id, id__lte=run.last_raw_id)
    row = waiting.select_for_update().order_by("id").first()
    if row is None:
        run.due_at, run.finished_at = None, at
    else:
        _send(run, row, at)
    run.save()
    return True


def _send(run: ReplayRun, row: RawInput, at: datetime) -> None:
    accepted, duplicate = row.accepted, row.duplicate
    send_again(row, by=run.asked_by, at=at)
    row.refresh_from_db(fields=["state", "accepted", "duplicate", "rejected"])
    run.reached_raw_id, run.done = row.pk, run.done + 1
    if row.state == RawState.QUARANTINED:
        run.still += 1
        return
    run.accepted += row.accepted - accepted
    run.duplicate += row.duplicate - duplicate
    run.rejected += row.rejected
