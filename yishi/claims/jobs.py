"""What waits: packs of proof to be made, penalty lines of files to be written down."""

import logging
from datetime import datetime

from django.db import transaction

from yishi.claims.actions.packs import make_pack, put_off
from yishi.claims.actions.records import take_records, void_undone
from yishi.claims.models.arbitration import EvidencePack

log = logging.getLogger(__name__)


def sweep_packs(*, at: datetime, limit: int = 5) -> int:
    """Makes up to `limit` packs that are due; returns how many it took."""
    taken = 0
    for _ in range(limit):
        due = EvidencePack.objects.filter(due_at__lte=at).order_by("due_at").values_list("pk", flat=True)
        with transaction.atomic():
            pack_id = due.select_for_update(skip_locked=True).first()
            if pack_id is None:
                break
            taken += 1
            try:
                with transaction.atomic():
                    make_pack(pack_id=pack_id, at=at)
            except Exception:  # the edge of a job: one that cannot be made must not hold up the others
                log.exception("pack failed", extra={"pack": pack_id})
                put_off(pack_id=pack_id, at=at)
    return taken


def sweep_penalty_records(*, at: datetime, limit: int = 200) -> int:
    """Writes down penalty lines of files, and takes back those whose file was undone; returns how many."""
    return take_records(at=at, limit=limit) + void_undone(at=at, limit=limit)
