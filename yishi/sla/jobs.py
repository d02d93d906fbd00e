"""The clock sweep: its cost depends on what is due, not on what is open."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from yishi.sla.actions.act import act_on_clock
from yishi.sla.actions.recompute import recompute_batch
from yishi.sla.actions.talks import act_on_talk_clock
from yishi.sla.models.clocks import SlaClock

log = logging.getLogger(__name__)

BATCH = 20
AGAIN_AFTER_ERROR = timedelta(minutes=1)

# both rows in one go and never waiting: whoever answers a case takes the case first, then its clocks
_CLAIM = """
SELECT k.id FROM sla_clock k JOIN cases_case c ON c.id = coalesce(k.case_id, k.subject_id)
 WHERE k.act_at <= %s AND k.subject_kind NOT IN ('CONVERSATION', 'CALL_BACK')
 ORDER BY k.act_at, k.id LIMIT %s
   FOR UPDATE OF c, k SKIP LOCKED
"""


# a conversation before its clock, as everybody takes them; a call-back's clock stands alone
_CLAIM_TALKS = """
SELECT k.id FROM sla_clock k JOIN conversations_conversation c ON c.id = k.subject_id
 WHERE k.act_at <= %(at)s AND k.subject_kind = 'CONVERSATION'
 ORDER BY k.act_at, k.id LIMIT %(size)s
   FOR UPDATE OF c, k SKIP LOCKED
"""
_CLAIM_CALL_BACKS = """
SELECT k.id FROM sla_clock k WHERE k.act_at <= %(at)s AND k.subject_kind = 'CALL_BACK'
 ORDER BY k.act_at, k.id LIMIT %(size)s FOR UPDATE SKIP LOCKED
"""


def sweep_due_clocks(*, at: datetime, limit: int = 500) -> int:
    """Acts on up to `limit` due clocks, a batch a transaction; returns how many. Safe to run side by side."""
    done = 0
    while done < limit:
        taken = _sweep_batch(at, min(BATCH, limit - done))
        done += taken
        if not taken:
            break
    return done


@transaction.atomic
def _sweep_batch(at: datetime, size: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [at, size])
        ids = [row[0] for row in cursor.fetchall()]
    for clock_id in ids:
        _act(clock_id, at, act_on_clock)
    return len(ids)


def _act(clock_id: int, at: datetime, deed: Callable[..., object]) -> None:
    """One clock that cannot be acted on does not hold up the others: it is tried again in a minute."""
    try:
        with transaction.atomic():
            deed(clock_id=clock_id, at=at)
    except Exception:
        log.exception("clock could not be acted on", extra={"clock": clock_id})
        SlaClock.objects.filter(pk=clock_id).update(act_at=at + AGAIN_AFTER_ERROR)


def sweep_talk_clocks(*, at: datetime, limit: int = 200) -> int:
    """Acts on due clocks of conversations and call-backs; returns how many."""
    return sum(_sweep_talks(claim, at, limit) for claim in (_CLAIM_TALKS, _CLAIM_CALL_BACKS))


@transaction.atomic
def _sweep_talks(claim: str, at: datetime, size: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(claim, {"at": at, "size": min(size, BATCH)})
        ids = [row[0] for row in cursor.fetchall()]
    for clock_id in ids:
        _act(clock_id, at, act_on_talk_clock)
    return len(ids)


def sweep_recomputes(*, at: datetime, limit: int = 500) -> int:
    """Reckons promises anew where somebody changed a policy or a calendar; returns how many cases."""
    done = 0
    while done < limit:
        taken = recompute_batch(at=at)
        done += taken
        if not taken:
            break
    return done
