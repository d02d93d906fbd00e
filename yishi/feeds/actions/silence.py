"""Whether sources still speak: what the operator expects of them, when one falls silent and speaks again."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from yishi.feeds.facts import FeedFellSilent, FeedSpokeAgain
from yishi.feeds.models import Source
from yishi.feeds.queries.sources import SourceCard
from yishi.feeds.rules import HEARD_EVERY, silence_due
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

LEAST = timedelta(minutes=30)
MOST = timedelta(days=14)


class BadExpectation(Refusal):
    """最短 30 分钟，最长 14 天"""

    code = "bad_expectation"
    status = 422


@transaction.atomic
def expect_input(*, code: str, within: timedelta | None, by: Viewer, at: datetime) -> None:
    """From now on this source is expected to send at least so often; None: nothing is expected.

    Whatever was silent before begins anew. Raises NotAllowed, NotFound, BadExpectation.
    """
    require(by, Permission.FEEDS_MANAGE)
    if within is not None and not LEAST <= within <= MOST:
        raise BadExpectation
    due = silence_due(at, within)
    changed = {"expected_within": within, "due_silence_at": due, "silent_since": None}
    if not Source.objects.filter(code=code).update(**changed):
        raise NotFound


_HEARD = """
WITH stale AS (
  SELECT id, silent_since FROM feeds_source
   WHERE id = %s AND (last_input_at IS NULL OR last_input_at <= %s)
     FOR NO KEY UPDATE SKIP LOCKED)
UPDATE feeds_source s SET last_input_at = %s, due_silence_at = %s + s.expected_within, silent_since = NULL
  FROM stale WHERE s.id = stale.id
RETURNING stale.silent_since IS NOT NULL
"""


def note_input(*, source: SourceCard, at: datetime) -> None:
    """The source has spoken. Must stand in a transaction; announces FeedSpokeAgain after a silence.

    Posts of one source come by the hundred a second and must not queue for its row: the card, which every
    post reads anyway, tells when the last note was written, so most posts send no statement at all; of those
    that find it five minutes old one takes the row, and the others (SKIP LOCKED) go on without waiting.
    """
    stale = at - HEARD_EVERY
    if source.last_input_at is not None and source.last_input_at > stale:
        return
    rows = hot_cursor().execute(_HEARD, [source.id, stale, at, at + HEARD_EVERY]).fetchall()
    if rows and rows[0][0]:
        announce(FeedSpokeAgain(source_code=source.code, at=at))


_SILENT = """
UPDATE feeds_source
   SET silent_since = coalesce(last_input_at, due_silence_at - expected_within), due_silence_at = NULL
 WHERE id IN (SELECT id FROM feeds_source WHERE due_silence_at <= %(at)s
               ORDER BY due_silence_at LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED)
RETURNING code, silent_since, is_paused
"""


@transaction.atomic
def mark_silent(*, at: datetime, limit: int) -> int:
    """Sources whose time has passed have fallen silent, which is announced once; how many there were.

    Of a paused source nothing is announced: somebody knows that something is wrong with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, {"at": at, "limit": limit})
        rows = cursor.fetchall()
    for code, since, is_paused in rows:
        if not is_paused:
            announce(FeedFellSilent(source_code=code, silent_since=since, at=at))
    return len(rows)
