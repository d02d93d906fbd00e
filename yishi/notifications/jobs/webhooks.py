"""Calls webhooks that are due: claimed for a lease, sent outside any transaction, each webhook by itself.

They go out by the house's one door (`kit.outside`); redirects are not followed.
"""

import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.db import connection, transaction

from yishi.kit.outside import address_of
from yishi.kit.personal import unseal
from yishi.notifications.models import Webhook, WebhookCall
from yishi.notifications.rules import CALL_LEASE, next_call, sign_call

log = logging.getLogger(__name__)

TIMEOUT_S = 5.0
AT_ONCE = 8
GONE = 410
_BATCH = 40
_OF_ONE = 10
_AGAIN = timedelta(seconds=15)


@dataclass(frozen=True)
class Call:
    id: int
    webhook_id: int
    url: str
    secret: str
    delivery_id: str
    body: bytes
    tries: int
    created_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What came of one call: a status, or an error's name. `is_away`: nobody answered there."""

    status: int | None = None
    error: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_away(self) -> bool:
        return self.status is None


# at most so many of one webhook at once: a silent one takes none of the others' places
_CLAIM = """
UPDATE notifications_webhook_call c SET state = 'SENDING', due_at = %(lease)s, tries = c.tries + 1
  FROM (SELECT id FROM (
          SELECT d.id, d.due_at,
                 row_number() OVER (PARTITION BY d.webhook_id ORDER BY d.due_at, d.id) AS place
            FROM notifications_webhook_call d JOIN notifications_webhook w ON w.id = d.webhook_id
           WHERE d.due_at <= %(at)s AND w.paused_reason = '' AND w.removed_at IS NULL) AS due
         WHERE place <= %(of_one)s ORDER BY due_at LIMIT %(limit)s) AS few,
       notifications_webhook w
 WHERE c.id = few.id AND w.id = c.webhook_id AND c.due_at <= %(at)s
RETURNING c.id, c.webhook_id, w.url, w.secret, c.delivery_id, c.body, c.tries, c.created_at
"""


def sweep_due_webhooks(*, at: datetime, limit: int = 200) -> int:
    """Calls what is due, one batch; returns how many were taken up. Safe to run side by side."""
    calls = _claim(at, min(limit, _BATCH))
    by_webhook: dict[int, list[Call]] = defaultdict(list)
    for call in calls:
        by_webhook[call.webhook_id].append(call)
    if not by_webhook:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for told in threads.map(lambda some: list(_tell(some, at)), by_webhook.values()):
            for call, outcome in told:
                _record(call, outcome, at)
    return len(calls)


def _claim(at: datetime, limit: int) -> list[Call]:
    values: dict[str, Any] = {"lease": at + CALL_LEASE, "at": at, "of_one": _OF_ONE, "limit": limit}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        rows = cursor.fetchall()
    return sorted((_call(row) for row in rows), key=lambda call: call.id)


def _call(row: tuple[Any, ...]) -> Call:
    pk, webhook_id, url, secret, delivery_id, body, tries, created_at = row
    return Call(
        pk, webhook_id, url, unseal(secret), str(delivery_id), unseal(body).encode(), tries, created_at
    )


def _tell(calls: Sequence[Call], at: datetime) -> Iterator[tuple[Call, Outcome]]:
    """One webhook's calls in order; where nobody answers the others are not tried one by one."""
    is_away = False
    with httpx.Client(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False) as client:
        for call in calls:
            outcome = Outcome(error="nobody answered the call before") if is_away else _post(client, call, at)
            is_away = is_away or outcome.is_away
            yield call, outcome


def _post(client: httpx.Client, call: Call, at: datetime) -> Outcome:
    parts = urlsplit(call.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address = address_of(host, port)
    except (OSError, UnicodeError):
        return Outcome(error="unknown host")
    if address is None:
        return Outcome(error="address not allowed")
    inside = f"[{address}]" if ":" in address else address
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "Yishi-Webhook/1",
        "Yishi-Delivery": call.delivery_id,
        "Yishi-Signature": sign_call(call.secret, call.body, at=at),
    }
    url = urlunsplit((parts.scheme, f"{inside}:{port}", parts.path or "/", parts.query, ""))
    try:
        # the body of an answer is nobody's business here, and may have no end
        with client.stream(
            "POST", url, content=call.body, headers=headers, extensions={"sni_hostname": host}
        ) as answer:
            return Outcome(status=answer.status_code)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Outcome(error=type(error).__name__)


@transaction.atomic
def _record(call: Call, outcome: Outcome, at: datetime) -> None:
    """Keeps what came of a call: told, tried again later, or set aside; a webhook that is gone is paused."""
    mine = WebhookCall.objects.filter(pk=call.id, state=WebhookCall.State.SENDING)
    said = {"last_status": outcome.status, "last_error": outcome.error}
    if outcome.is_taken:
        mine.update(state=WebhookCall.State.SENT, due_at=None, sent_at=at, **said)
        return
    again = None if outcome.status == GONE else next_call(tries=call.tries, created_at=call.created_at, at=at)
    if again is not None:
        mine.update(state=WebhookCall.State.QUEUED, due_at=max(again, at + _AGAIN), **said)
        return
    mine.update(state=WebhookCall.State.DEAD, due_at=None, **said)
    log.error("webhook call given up", extra={"call": call.id, "webhook": call.webhook_id})
    _pause(call, outcome)


def _pause(call: Call, outcome: Outcome) -> None:
    """Nothing has been taken for three days, or the receiver says that it is gone: an operator must look."""
    told_since = WebhookCall.objects.filter(webhook_id=call.webhook_id, sent_at__gte=call.created_at)
    if outcome.status == GONE or not told_since.exists():
        why = "410" if outcome.status == GONE else "3 days"
        with contextlib.suppress(Webhook.DoesNotExist):
            Webhook.objects.filter(pk=call.webhook_id, paused_reason="").update(paused_reason=why)
