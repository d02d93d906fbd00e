"""A notice with more than one way to its person: where one fails for good the next is taken, once each."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yishi.notifications.actions.queue import queue_delivery, zone
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import write_letter
from yishi.notifications.rules import VOICE, Way, by_daylight


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told by whichever way: the kind of letter with its values, about what, in which
    language. `by_day`: only between nine and eight. `extra` is what a gateway of calls needs beside the text
    (`template`, `variables`, `keys`): nothing personal, no link."""

    kind: str
    subject_kind: str
    subject_id: str
    values: Mapping[str, str]
    language: str = "zh-hans"
    by_day: bool = True
    extra: Mapping[str, Any] | None = None


def queue_chain(
    *, told: Told, ways: Sequence[Way], at: datetime, due_at: datetime | None = None
) -> uuid.UUID | None:
    """Promises it by the first of these ways; the others are tried in turn where one fails for good. Returns
    the notice_id of the first, None without any way. ValueError for an address that cannot be sent to."""
    if not ways:
        return None
    # one statement: it needs no transaction of its own
    return _queue(told, ways[0], tuple(ways[1:]), at=at, due_at=due_at, calls=1, after_id=None)


@transaction.atomic
def fall_back(*, delivery_id: int, at: datetime) -> uuid.UUID | None:
    """Takes the next way of a notice that did not reach its person; None where there is none left.

    The same again is the one that was taken: never two after one.
    """
    row = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if row is None or not row.chain:
        return None
    taken = Delivery.objects.filter(after=row).values_list("notice_id", flat=True).first()
    if taken is not None:
        return taken
    told, rest, _calls = _read(row)
    if not rest:
        return None
    return _queue(told, rest[0], rest[1:], at=at, due_at=None, calls=1, after_id=row.pk)


def ring_again(*, delivery: Delivery, after: timedelta, at: datetime) -> uuid.UUID:
    """The same call once more; the row stands locked in a transaction and has no successor yet."""
    told, rest, calls = _read(delivery)
    way = Way(VOICE, delivery.to)
    return _queue(told, way, rest, at=at, due_at=at + after, calls=calls + 1, after_id=delivery.pk)


def calls_so_far(delivery: Delivery) -> int:
    """The how manieth call of its chain this one is."""
    return _read(delivery)[2] if delivery.chain else 1


def _queue(
    told: Told,
    way: Way,
    rest: tuple[Way, ...],
    *,
    at: datetime,
    due_at: datetime | None,
    calls: int,
    after_id: int | None,
) -> uuid.UUID:
    notice_id = uuid.uuid4()
    due = due_at or at
    queue_delivery(
        kind=told.kind,
        subject_kind=told.subject_kind,
        subject_id=told.subject_id,
        channel=way.channel,
        to=way.to,
        letter=write_letter(kind=told.kind, channel=way.channel, language=told.language, values=told.values),
        language=told.language,
        at=at,
        # nobody is rung at night
        due_at=by_daylight(due, zone()) if told.by_day or way.channel == VOICE else due,
        account_id=way.account_id,
        extra=told.extra,
        notice_id=notice_id,
        chain=_written(told, rest, calls),
        after_id=after_id,
    )
    return notice_id


def _written(told: Told, rest: Sequence[Way], calls: int) -> str:
    kept = {"told": asdict(told), "ways": [asdict(way) for way in rest], "calls": calls}
    return json.dumps(kept, ensure_ascii=False)


def _read(row: Delivery) -> tuple[Told, tuple[Way, ...], int]:
    kept = json.loads(row.chain or "{}")
    # the parcel of a notice can come to stand under another record meanwhile
    told = Told(**{**kept["told"], "subject_id": row.subject_id})
    return told, tuple(Way(**way) for way in kept["ways"]), kept["calls"]
