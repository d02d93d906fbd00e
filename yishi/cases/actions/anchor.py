"""Every night the newest seal of each case is kept aside, so that a history cut off at its end is seen."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from yishi.cases.models.history import HistoryHead

# lines get their number before their transaction ends: the last ones of the night before are looked at again
_LATE = 10_000

# a head whose own line is gone or altered stays as it was: that is the proof
_KEEP = """
INSERT INTO cases_history_head AS head (case_id, entry_id, hash, anchored_at)
SELECT DISTINCT ON (case_id) case_id, id, hash, %s
  FROM cases_timeline_entry WHERE id > %s ORDER BY case_id, id DESC
ON CONFLICT (case_id) DO UPDATE
   SET entry_id = excluded.entry_id, hash = excluded.hash, anchored_at = excluded.anchored_at
 WHERE excluded.entry_id > head.entry_id
   AND EXISTS (SELECT 1 FROM cases_timeline_entry AS line
                WHERE line.id = head.entry_id AND line.case_id = head.case_id AND line.hash = head.hash)
"""


@transaction.atomic
def anchor_heads(*, at: datetime) -> int:
    """Keeps the newest seal of every case that got lines since the last time; returns how many moved on."""
    newest = HistoryHead.objects.aggregate(newest=Max("entry_id"))["newest"] or 0
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [at, newest - _LATE])
        return int(cursor.rowcount)
