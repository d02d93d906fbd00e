"""A notice with more than one way to its person: where one fails for good the next is taken, once each."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from yishi.notifications.actions.queue import queue_delivery, zone
from yishi.notifications.models import Delivery, PickupTold
from yishi.notifications.queries.letters import Letter, write_letter
from yishi.notifications.rules import VOICE, Way, after_quiet, by_daylight


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told by whichever way: the kind of letter with its values, about what, in which language.
    `by_day`: only between nine and eight. `extra` is what a gateway of calls needs beside the text
    (`template`, `variables`, `keys`): nothing personal, no link."""

    kind: str
    subject_kind: str
    subject_id: str
    values: Mapping[str, str]
    language: str = "zh-hans"
    by_day: bool = True
    extra: Mapping[str, Any] | None = None
    # letters that stand written already, by `Way.letter`: heading and body
    letters: Mapping[str, tuple[str, str]] | None = None
    # what a gateway's template is filled with and nobody else may read: it stands in the sealed chain alone
    private: Mapping[str, str] | None = None
    # hours (07:30–21:00 as "07:30", "21:00") in which no way of it is taken, each from the first to the last
    quiet: tuple[tuple[str, str], ...] = ()


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
    told, rest, _calls = read_chain(row)
    if not rest:
        return None
    return _queue(told, rest[0], rest[1:], at=at, due_at=None, calls=1, after_id=row.pk)


def ring_again(*, delivery: Delivery, after: timedelta, at: datetime) -> uuid.UUID:
    """The same call once more; the row stands locked in a transaction and has no successor yet."""
    told, rest, calls = read_chain(delivery)
    way = Way(VOICE, delivery.to)
    return _queue(told, way, rest, at=at, due_at=at + after, calls=calls + 1, after_id=delivery.pk)


def left_of(chain: str) -> tuple[dict[str, str], bool]:
    """What a gateway's template is filled with, and whether another way is left, of a chain as it is kept."""
    kept = json.loads(chain)
    return kept["told"].get("private") or {}, bool(kept["ways"])


def calls_so_far(delivery: Delivery) -> int:
    """The how manieth call of its chain this one is."""
    return read_chain(delivery)[2] if delivery.chain else 1


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
    queue_delivery(
        kind=told.kind,
        subject_kind=told.subject_kind,
        subject_id=told.subject_id,
        channel=way.channel,
        to=way.to,
        letter=letter_of(told, way),
        language=told.language,
        at=at,
        due_at=_allowed(told, way, due_at or at),
        account_id=way.account_id,
        extra={**(told.extra or {}), **({"is_backup": True} if way.is_backup else {})},
        notice_id=notice_id,
        chain=_written(told, rest, calls),
        after_id=after_id,
    )
    if after_id is not None and told.kind == Delivery.Kind.PICKUP:
        _tells_of_the_same(notice_id, after_id)
    return notice_id


def _tells_of_the_same(notice_id: uuid.UUID, before_id: int) -> None:
    pk = Delivery.objects.values_list("pk", flat=True).get(notice_id=notice_id)
    stays = PickupTold.objects.filter(delivery_id=before_id).values_list("parcel_id", flat=True)
    PickupTold.objects.bulk_create([PickupTold(delivery_id=pk, parcel_id=one) for one in stays])


def letter_of(told: Told, way: Way) -> Letter:
    """What is said by this way."""
    if told.letters is not None:
        return Letter(*told.letters[way.letter])
    return write_letter(kind=told.kind, channel=way.channel, language=told.language, values=told.values)


def _allowed(told: Told, way: Way, due_at: datetime) -> datetime:
    """Not in its quiet hours; nobody is rung at night."""
    for begin, end in told.quiet:
        due_at = after_quiet(due_at, time.fromisoformat(begin), time.fromisoformat(end), zone())
    return by_daylight(due_at, zone()) if told.by_day or way.channel == VOICE else due_at


def rewrite(row: Delivery, told: Told) -> None:
    """All that is left of a chain says this from now on: the row itself where it has not gone yet. The row
    stands locked; what it is about and which ways are left stay as they were."""
    _old, rest, calls = read_chain(row)
    row.chain = _written(told, rest, calls)
    if row.state == Delivery.State.QUEUED:
        way = Way(row.channel, row.to, is_backup=bool(row.extra.get("is_backup")))
        letter = letter_of(told, way)
        row.heading, row.body = letter.heading, letter.body
    row.save(update_fields=["chain", "heading", "body"])


def stop_chain(row: Delivery) -> None:
    """No further way of it is taken; what waits does not go. The row stands locked."""
    row.chain, row.extra = None, {**row.extra, "is_stopped": True}
    if row.state == Delivery.State.QUEUED:
        row.state, row.due_at = Delivery.State.WITHDRAWN, None
    row.save(update_fields=["chain", "extra", "state", "due_at"])


def _written(told: Told, rest: Sequence[Way], calls: int) -> str:
    kept = {"told": asdict(told), "ways": [asdict(way) for way in rest], "calls": calls}
    return json.dumps(kept, ensure_ascii=False)


def read_chain(row: Delivery) -> tuple[Told, tuple[Way, ...], int]:
    """What is told, the ways that are left, the how manieth call."""
    kept = json.loads(row.chain or "{}")
    # the parcel of a notice can come to stand under another record meanwhile
    told = Told(**{**kept["told"], "subject_id": row.subject_id})
    return told, tuple(Way(**way) for way in kept["ways"]), kept["calls"]
