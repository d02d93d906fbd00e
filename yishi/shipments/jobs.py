"""Periodic work of parcels: partitions, events told anew, promises and silences that are due, learning."""

import logging
from datetime import UTC, date, datetime
from itertools import takewhile

from django.db import connection, transaction

from yishi.feeds.port import PluginError
from yishi.shipments.actions.booking_slips import read_next_slip
from yishi.shipments.actions.duties import check_due_duties
from yishi.shipments.actions.files.run import run_next
from yishi.shipments.actions.questions import (
    Question,
    claim_question,
    code_client,
    code_source,
    keep_told,
    keep_untold,
)
from yishi.shipments.actions.retell import advance_remap
from yishi.shipments.actions.signing import learn_signing_hours
from yishi.shipments.actions.slips import watch_due
from yishi.shipments.actions.training import train_eta

log = logging.getLogger(__name__)

# scans may be two days ahead; the rest is for workers that stood still over a turn of the month
_MONTHS_AHEAD = 3

_MOVE = """
CREATE TABLE {name} (LIKE shipments_event INCLUDING DEFAULTS);
INSERT INTO {name} SELECT * FROM shipments_event_default WHERE happened_at >= '{start}' AND happened_at <
'{end}';
DELETE FROM shipments_event_default WHERE happened_at >= '{start}' AND happened_at < '{end}';
ALTER TABLE shipments_event ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}');
"""


def sweep_partitions(*, at: datetime) -> int:
    """Makes the partitions of this month and the coming ones; how many were missing.

    Events of such a month that fell into the default partition meanwhile move to their own.
    """
    made = 0
    for shift in range(_MONTHS_AHEAD + 1):
        start = month_after(at.astimezone(UTC).date(), shift)
        made += _make(start, month_after(start, 1))
    return made


def month_after(day: date, shift: int) -> date:
    """The first day of the month that many months on."""
    months = day.year * 12 + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)


@transaction.atomic
def _make(start: date, end: date) -> int:
    name = f"shipments_event_{start:%Y_%m}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NULL", [name])
        (is_missing,) = cursor.fetchone()
        if not is_missing:
            return 0
        # writers wait for a moment; a wait of theirs must not become a queue behind us
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        cursor.execute("LOCK TABLE shipments_event IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute(_MOVE.format(name=name, start=f"{start} 00:00+00", end=f"{end} 00:00+00"))
    return 1


def sweep_remaps(*, at: datetime, limit: int = 1) -> int:
    """Does up to `limit` steps of remaps that are due; how many."""
    steps = 0
    while steps < limit and advance_remap(at=at):
        steps += 1
    return steps


def sweep_promises(*, at: datetime, limit: int = 200) -> int:
    """Looks at parcels whose promised time has come; how many."""
    return watch_due(at=at, limit=limit)


def sweep_silent(*, at: datetime, limit: int = 500) -> int:
    """Looks at parcels whose 24 hours without a scan may be over; how many."""
    return check_due_duties(at=at, limit=limit)


def sweep_code_questions(*, at: datetime, limit: int = 20) -> int:
    """Asks for up to `limit` pickup codes that are due, each outside any transaction; how many."""
    for asked in range(limit):
        source = code_source()  # anew: it may have refused our account just now
        question = claim_question(source=source, at=at) if source is not None else None
        if question is None:
            return asked
        _ask_code(question, at)
    return limit


def _ask_code(question: Question, at: datetime) -> None:
    client = code_client(question.source)
    assert client is not None  # `code_source` chose it for that
    try:
        fetched = client.pickup_code(
            question.wanted,
            phone=question.phone,
            asked_at_ms=int(at.timestamp() * 1000),
            settings=question.source.settings,
        )
        parsed = client.read_pickup_code(fetched, phone=question.phone, at=at)
    except PluginError as error:
        keep_untold(question=question, error=error, at=at)
    except Exception as error:
        # a plug-in's own fault must not hold up the others
        log.exception("client failed", extra={"source": question.source.code})
        failed = PluginError(f"client failed: {type(error).__name__}", permanent=False)
        keep_untold(question=question, error=failed, at=at)
    else:
        keep_told(question=question, parsed=parsed, at=at)


def learn_lane_times(*, at: datetime) -> int:
    """The night's learning; how many groups of parcels it can speak of."""
    return train_eta(at=at).groups


def learn_arrivals(*, at: datetime) -> int:
    """The night's learning of the hours at which couriers deliver; how many groups it can speak of."""
    return learn_signing_hours(at=at).groups


def sweep_files(*, at: datetime, limit: int) -> int:
    """Takes up to `limit` imports of head-office files as far as they go: looked at, written, or undone."""
    return sum(1 for _ in takewhile(bool, (run_next(at=at) for _ in range(limit))))


def sweep_slips(*, at: datetime, limit: int) -> int:
    """Reads up to `limit` photographed slips, one after the other; how many."""
    return sum(1 for _ in takewhile(bool, (read_next_slip(at=at) for _ in range(limit))))
