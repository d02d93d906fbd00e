"""Sends what is due, each channel by itself.

Notices are claimed and committed, sent outside any transaction, and each result is kept at once: a worker
that dies repeats at most the one notice a channel that was in flight, with the same id.
"""

import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from yishi.conversations.actions.say import note_sent
from yishi.conversations.queries.accounts import find_account
from yishi.kit.facts import announce
from yishi.kit.personal import unseal
from yishi.notifications.actions.calls import give_up_unheard
from yishi.notifications.actions.chains import left_of
from yishi.notifications.actions.receipts import go_on_unheard
from yishi.notifications.facts import DeliveryFailed
from yishi.notifications.models import DeliveryAttempt
from yishi.notifications.port import Line, Notice, PluginError, answers_by, open_account_line, open_line
from yishi.notifications.queries.attached import with_files
from yishi.notifications.queries.calls import status_url
from yishi.notifications.rules import (
    CASE,
    CHANNELS,
    EMAIL,
    LEASE,
    MESSAGE,
    PICKUP,
    SMS,
    TALKED,
    VOICE,
    next_try,
)

log = logging.getLogger(__name__)

BATCH = 25
BATCH_S = 15.0
"""No send begins later than this after its claim, so that all have ended before the lease does."""

OUTAGE_PAUSE = timedelta(seconds=15)

Outcome = DeliveryAttempt.Outcome
_ENOUGH_S = 15.0


def sweep_due_deliveries(*, at: datetime, limit: int = 200) -> int:
    """Sends due notices of all channels, one after the other; returns how many were taken up."""
    return sum(_drain(channel, at, limit) for channel in (*CHANNELS, *TALKED))


def sweep_due_sms(*, at: datetime, limit: int = 200) -> int:
    """Sends due short messages. The worker runs this beside `sweep_due_emails`, so that neither waits."""
    return _drain(SMS, at, limit)


def sweep_due_emails(*, at: datetime, limit: int = 200) -> int:
    """Sends due mail."""
    return _drain(EMAIL, at, limit)


def sweep_due_calls(*, at: datetime, limit: int = 200) -> int:
    """Rings whoever is due, and takes the next way where a gateway never said what came of a call."""
    return _drain(VOICE, at, limit) + give_up_unheard(at=at, limit=limit)


def sweep_unheard_pickups(*, at: datetime, limit: int = 200) -> int:
    """Takes the next way to people whose parcel waits, where a gateway gave no receipt in time."""
    return go_on_unheard(at=at, limit=limit)


def sweep_due_talks(*, at: datetime, limit: int = 200) -> int:
    """Sends what is due by the channels that answer a way in."""
    return sum(_drain(channel, at, limit) for channel in TALKED)


def _drain(channel: str, at: datetime, limit: int) -> int:
    begin = time.monotonic()
    taken = 0
    while taken < limit and (elapsed := time.monotonic() - begin) < _ENOUGH_S:
        # leases must count from the moment of each claim
        count = send_batch(channel=channel, at=at + timedelta(seconds=elapsed), limit=limit - taken)
        taken += count
        if not count:
            break
    return taken


@dataclass(frozen=True)
class Claimed:
    id: int
    kind: str
    channel: str
    subject: tuple[str, str]
    notice: Notice
    tries: int
    account_id: int | None = None
    has_more: bool = False

    @property
    def case_id(self) -> int | None:
        return int(self.subject[1]) if self.subject[0] == CASE else None


_CLAIM = """
UPDATE notifications_delivery d SET state = 'SENDING', due_at = %(lease)s, tries = d.tries + 1
  FROM (SELECT id FROM notifications_delivery
         WHERE channel = %(channel)s AND due_at <= %(at)s
         ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) c
 WHERE d.id = c.id
RETURNING d.id, d.kind, d.channel, d.subject_kind, d.subject_id, d.notice_id, d."to", d.heading, d.body,
          d.created_at, d.tries, d.account_id, d.extra, d.language, d.chain
"""


def claim(*, channel: str, at: datetime, limit: int) -> list[Claimed]:
    """Takes due notices of one channel for a lease; when the worker dies, the next one gets them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": at + LEASE, "channel": channel, "at": at, "limit": limit})
        rows = cursor.fetchall()
    return sorted((_claimed(row) for row in rows), key=lambda c: c.id)


def _claimed(row: tuple[Any, ...]) -> Claimed:
    pk, kind, channel, subject_kind, subject_id, notice_id, to, heading, body, created_at, *more = row
    tries, account_id, extra, language, chain = more
    said = json.loads(extra) if isinstance(extra, str) else extra
    private, has_more = left_of(unseal(chain)) if chain and kind == PICKUP else ({}, False)
    if private:
        said = {**said, "variables": private}
    if channel == VOICE:
        said = {**said, "status_url": status_url(str(notice_id)), "language": language}
    notice = Notice(str(notice_id), unseal(to), heading, unseal(body), created_at.isoformat(), said)
    return Claimed(pk, kind, channel, (subject_kind, subject_id), notice, tries, account_id, has_more)


_RECORD = """
WITH kept AS (
  UPDATE notifications_delivery
     -- a parcel that was fetched while its notice was on its way is not told of again
     SET state = CASE WHEN %(is_again)s AND jsonb_exists(extra, 'is_stopped')
                      THEN 'WITHDRAWN' ELSE %(state)s END,
         due_at = CASE WHEN NOT jsonb_exists(extra, 'is_stopped') THEN %(due_at)s::timestamptz END,
         sent_at = %(sent_at)s, sent_as = %(sent_as)s
   WHERE id = %(id)s AND state = 'SENDING' RETURNING id)
INSERT INTO notifications_delivery_attempt (delivery_id, at, outcome, error, took_ms)
SELECT id, %(at)s, %(outcome)s, %(error)s, %(took_ms)s FROM kept
"""


def record(
    claimed: Claimed, *, error: PluginError | None, took_s: float, at: datetime, sent_as: str = ""
) -> None:
    """Keeps what came of one try: sent (`sent_as` = the gateway's number), tried again later, or given up."""
    again = next_try(kind=claimed.kind, tries=claimed.tries, has_more=claimed.has_more)
    pause = None if error is None or error.permanent else again
    state = "SENT" if error is None else "FAILED" if pause is None else "QUEUED"
    outcome = Outcome.ACCEPTED if error is None else Outcome.RETRY if pause else Outcome.REFUSED
    values: dict[str, Any] = {
        "id": claimed.id,
        "state": state,
        "due_at": at + pause if pause else None,
        "sent_at": at if error is None else None,
        "sent_as": sent_as[:200] if error is None else "",
        "is_again": state == "QUEUED",
        "at": at,
        "outcome": outcome.value,
        "error": error.message[:500] if error else "",
        "took_ms": round(took_s * 1000),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
        if state == "FAILED":
            _announce_failure(claimed, values["error"], at)
        if claimed.subject[0] == MESSAGE and state != "QUEUED":
            note_sent(message_id=int(claimed.subject[1]), sent_as=sent_as, error=values["error"], at=at)


def _announce_failure(claimed: Claimed, error: str, at: datetime) -> None:
    log.error("notice given up", extra={"delivery": claimed.id, "kind": claimed.kind})
    announce(
        DeliveryFailed(
            delivery_id=claimed.id,
            kind=claimed.kind,
            channel=claimed.channel,
            error=error,
            case_id=claimed.case_id,
            at=at,
        )
    )


def release(rest: list[Claimed], *, due_at: datetime) -> None:
    """Gives back what was claimed and not tried; this does not count as a try."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_delivery SET state = 'QUEUED', due_at = %s, tries = tries - 1"
            " WHERE id = ANY(%s) AND state = 'SENDING'",
            [due_at, [claimed.id for claimed in rest]],
        )


def send_batch(*, channel: str, at: datetime, limit: int) -> int:
    """Sends up to `limit` due notices of a channel; returns how many were taken up."""
    batch = claim(channel=channel, at=at, limit=min(limit, BATCH))
    if not batch:
        return 0
    # each way in has a gateway of its own
    for account_id in sorted({claimed.account_id or 0 for claimed in batch}):
        _send_by(account_id or None, [c for c in batch if (c.account_id or 0) == account_id], at=at)
    return len(batch)


def _send_by(account_id: int | None, batch: list[Claimed], *, at: datetime) -> None:
    try:
        line = _line(account_id, batch[0].channel)
    except PluginError as unusable:
        # a wrong setting: every notice says so, and waits for it to be mended
        for claimed in batch:
            record(claimed, error=unusable, took_s=0, at=at)
        return
    try:
        _send_all(batch, line, at=at)
    finally:
        line.close()


def _line(account_id: int | None, channel: str) -> Line:
    home = settings.ENVIRONMENT.home
    account = find_account(account_id) if account_id else None
    if account is None or not answers_by(account.plugin):
        return open_line(channel=channel, url=address_of(channel), home=home)
    return open_account_line(plugin=account.plugin, settings=account.settings, home=home)


def _send_all(batch: list[Claimed], line: Line, *, at: datetime) -> None:
    begin = time.monotonic()
    for tried, claimed in enumerate(batch):
        elapsed = time.monotonic() - begin
        if elapsed > BATCH_S:
            release(batch[tried:], due_at=at)
            return
        sent_as, error = _send(line, claimed)
        took_s = time.monotonic() - begin - elapsed
        done_at = at + timedelta(seconds=elapsed + took_s)
        record(claimed, error=error, took_s=took_s, at=done_at, sent_as=sent_as)
        if error is not None and error.outage:
            # the gateway takes nothing: the others need not find that out one by one
            if batch[tried + 1 :]:
                release(batch[tried + 1 :], due_at=at + OUTAGE_PAUSE)
            return


def _send(line: Line, claimed: Claimed) -> tuple[str, PluginError | None]:
    last = next_try(kind=claimed.kind, tries=claimed.tries - 1, has_more=claimed.has_more)
    if claimed.tries > 1 and last is None:
        return "", PluginError("its worker died each time", permanent=True)
    try:
        return line.send(with_files(claimed.notice)) or "", None
    except PluginError as error:
        return "", error
    except Exception as error:
        # a plug-in's own fault must not hold up the others of its channel
        log.exception("sender failed")
        return "", PluginError(f"sender failed: {type(error).__name__}")


def address_of(channel: str) -> str:
    """The gateway's address from the settings; a demo without one writes to the outbox folder."""
    environment = settings.ENVIRONMENT
    urls = {EMAIL: environment.email_url, SMS: environment.sms_url, VOICE: environment.voice_url}
    url = urls.get(channel, "")
    return url or ("log:" if environment.is_demo else "")
