"""Who has a case open now: a row that expires by itself, so that nobody has to say goodbye."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from yishi.cases.models.presence import Presence
from yishi.kit.live import nudge
from yishi.people.rules import Viewer

HERE_WITHIN = timedelta(seconds=45)

_HERE = """
INSERT INTO cases_presence AS here (case_id, user_id, is_typing, until_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (case_id, user_id) DO UPDATE SET is_typing = EXCLUDED.is_typing, until_at = EXCLUDED.until_at
RETURNING (SELECT was.is_typing FROM cases_presence was
           WHERE was.case_id = here.case_id AND was.user_id = here.user_id AND was.until_at > %s)
"""


@transaction.atomic
def note_here(*, case_id: int, case_no: str, is_typing: bool, by: Viewer, at: datetime) -> None:
    """This person looks at the case, or types, for the next 45 s; others are told when that is new."""
    if by.user_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_HERE, [case_id, by.user_id, is_typing, at + HERE_WITHIN, at])
        row = cursor.fetchone()
    if row is None or row[0] is None or row[0] != is_typing:
        nudge(f"here:{case_no}")


@transaction.atomic
def note_gone(*, case_id: int, case_no: str, by: Viewer) -> None:
    """He closed the page."""
    gone, _ = Presence.objects.filter(case_id=case_id, user_id=by.user_id or 0).delete()
    if gone:
        nudge(f"here:{case_no}")
