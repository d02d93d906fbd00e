"""Looking at parcels whose time has come: claimed, read, judged and settled, some hundreds at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yishi.detection.actions.incidents import Found, settle_incidents
from yishi.detection.actions.risks import reckon_risks
from yishi.detection.actions.signs import keep_signs
from yishi.detection.queries.parcels import Watched, handed_over, out_now, read_parcels, with_beside
from yishi.detection.queries.settings import running_books
from yishi.detection.rules.judge import Judgement, judge
from yishi.kit.hot import hot_cursor

_DUE = """
SELECT shipment_id FROM detection_inspection WHERE due_at <= %s
 ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
_NEXT = """
UPDATE detection_inspection i SET due_at = n.due FROM unnest(%s::bigint[], %s::timestamptz[]) AS n (id, due)
 WHERE i.shipment_id = n.id
"""
_OVER = "DELETE FROM detection_inspection WHERE shipment_id = ANY(%s)"


@transaction.atomic
def inspect_due(*, at: datetime, limit: int) -> int:
    """Looks at up to `limit` parcels whose time has come; how many. What others hold is left to them."""
    ids = [row[0] for row in hot_cursor().execute(_DUE, [at, limit], prepare=True)]
    if not ids:
        return 0
    books = running_books(at)
    watched = read_parcels(ids, at=at)
    handed = handed_over(watched)
    keep_signs(handed=[(one, scan) for one, scan in handed if not scan.is_put], books=books)
    watched = with_beside(watched, handed)
    judged = [(one, judge(one.parcel, books.of(one.scope), at)) for one in watched]
    found = [
        Found(one, finding, books.of(one.scope)[finding.kind])
        for one, said in judged
        for finding in said.findings
    ]
    settle_incidents(shipment_ids=ids, found=found, at=at)
    reckon_risks(shipment_ids=out_now(watched), at=at)
    _note_next(ids, judged)
    return len(ids)


def _note_next(ids: Sequence[int], judged: Sequence[tuple[Watched, Judgement]]) -> None:
    """When each is looked at again; where no rule waits for anything, only its next scan brings it back."""
    later = {one.shipment_id: said.due_at for one, said in judged if said.due_at is not None}
    if later:
        hot_cursor().execute(_NEXT, [list(later), list(later.values())], prepare=True)
    over = [shipment_id for shipment_id in ids if shipment_id not in later]
    if over:
        hot_cursor().execute(_OVER, [over], prepare=True)
