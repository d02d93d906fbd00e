"""Rows of head-office files that speak of penalties, made into penalties received: each line once."""

from datetime import datetime

from yishi.claims.actions.penalties import NewPenalty, PenaltyKnown, note_penalty, void_penalty
from yishi.claims.models.penalty import Origin, ReceivedPenalty
from yishi.claims.rules.penalties import fee_code_in
from yishi.feeds.models import FileRecord
from yishi.network.models import Outlet
from yishi.people.rules import SYSTEM_VIEWER


def take_records(*, at: datetime, limit: int) -> int:
    """Notes up to `limit` penalty lines that were not noted yet; returns how many."""
    known = ReceivedPenalty.objects.filter(record_mark__isnull=False).values("record_mark")
    found = FileRecord.objects.filter(kind="PENALTY", amount_fen__gt=0).exclude(mark__in=known).order_by("id")
    taken = 0
    for record in found.defer("words")[:limit]:
        try:
            note_penalty(penalty=_penalty_of(record), by=SYSTEM_VIEWER, at=at)
        except PenaltyKnown:
            continue
        taken += 1
    return taken


def void_undone(*, at: datetime, limit: int) -> int:
    """Takes back penalties whose line went with its file, while their appeal is not decided; how many."""
    rows = ReceivedPenalty.objects.filter(
        record_mark__isnull=False, voided_at__isnull=True, result_at__isnull=True
    )
    gone = rows.exclude(record_mark__in=FileRecord.objects.filter(kind="PENALTY").values("mark"))
    ids = list(gone.order_by("id").values_list("pk", flat=True)[:limit])
    for penalty_id in ids:
        void_penalty(penalty_id=penalty_id, by=SYSTEM_VIEWER, at=at)
    return len(ids)


def _penalty_of(record: FileRecord) -> NewPenalty:
    assert record.amount_fen is not None
    is_known = Outlet.objects.filter(code=record.outlet_code).exists()
    return NewPenalty(
        origin=Origin.HQ,
        amount_fen=record.amount_fen,
        happened_at=record.happened_at or record.noted_at,
        fee_code=fee_code_in(record.label),
        label=record.label,
        carrier=record.carrier,
        waybill_no=record.waybill_no,
        outlet_code=record.outlet_code if is_known else "",
        courier_id=record.courier_id,
        record_mark=bytes(record.mark),
    )
