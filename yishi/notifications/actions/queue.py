"""Every outgoing message is queued here, in the transaction of what it tells of, and sent later by the worker
(`jobs`)."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.kit.hot import hot_cursor
from yishi.kit.personal import keyed_hash, seal
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import (
    Letter,
)
from yishi.notifications.rules import is_address

Kind = Delivery.Kind


_INSERT = """
INSERT INTO notifications_delivery (kind, subject_kind, subject_id, channel, "to", to_hash, heading, body,
                                    language, state, due_at, tries, notice_id, created_at, account_id, extra,
                                    chain, after_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'QUEUED', %s, 0, %s, %s, %s, %s::jsonb, %s, %s)
"""


def queue_delivery(
    *,
    kind: str,
    subject_kind: str,
    subject_id: str | int,
    channel: str,
    to: str,
    letter: Letter,
    language: str,
    at: datetime,
    due_at: datetime | None = None,
    account_id: int | None = None,
    extra: Mapping[str, Any] | None = None,
    notice_id: uuid.UUID | None = None,
    chain: str = "",
    after_id: int | None = None,
) -> uuid.UUID:
    """Promises one notice in the present transaction; returns its notice_id. `due_at` delays it. `chain` is
    what is left where this way fails (`actions.chains`).

    ValueError for an address or heading that no gateway may be given; nothing is written then.
    """
    if not is_address(channel, to) or "\n" in letter.heading or "\r" in letter.heading:
        raise ValueError("this address or heading cannot be sent")
    notice_id = notice_id or uuid.uuid4()
    values: list[Any] = [
        kind,
        subject_kind,
        str(subject_id),
        channel,
        seal(to),
        keyed_hash("to", to),
        letter.heading,
    ]
    values += [seal(letter.body), language, due_at or at, notice_id, at]
    values += [account_id, json.dumps(dict(extra or {}), ensure_ascii=False)]
    values += [seal(chain) if chain else None, after_id]
    hot_cursor().execute(_INSERT, values, prepare=True)
    return notice_id


def zone() -> ZoneInfo:
    """The zone in which people here read a clock."""
    return ZoneInfo(settings.ENVIRONMENT.time_zone)


def operator_name(language: str) -> str:
    """How the operator signs; the product's own name where none is set."""
    return settings.ENVIRONMENT.operator_name or ("Yishi" if language == "en" else "驿使")
