"""What a program posts with its key: unpacked within limits, read, taken in. Web and edge answer it alike."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, Unreadable
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.errors import DATABASE_AWAY, Refusal
from yishi.people.queries import viewer_of_key
from yishi.people.rules import Permission
from yishi.shipments.actions.take_in import ReadBody, take_in, take_several
from yishi.shipments.rules.counts import Counts

MAX_WIRE = 4 * 1024 * 1024
MAX_UNPACKED = 16 * 1024 * 1024
MAX_ITEMS = 5_000


class NoKey(Refusal):
    """没有密钥，或密钥无效"""

    code = "no_key"
    status = 401


class MayNotIngest(Refusal):
    """这把密钥不能写入轨迹"""

    code = "not_allowed"
    status = 403


class TooLarge(Refusal):
    """内容太大了"""

    code = "too_large"
    status = 413


class WrongEncoding(Refusal):
    """不支持这种内容类型"""

    code = "unsupported_type"
    status = 415


class NotReadable(Refusal):
    """内容读不懂"""

    code = "unreadable"
    status = 400


@dataclass(frozen=True)
class Post:
    """A request of a program, as it came."""

    authorization: str
    body: bytes
    encoding: str = ""
    content_type: str = "application/json"


def take_post(*, post: Post, expects: str, at: datetime) -> Counts:
    """Takes in `events` or `shipments` as posted; durable when it returns outside a transaction.

    At most 4 MB on the wire, 16 MB unpacked, 5,000 items. Raises the refusals above; a program hears at
    once what it did wrong, so nothing it sent goes to quarantine.
    """
    return _take_alone(_read(_source_of(post.authorization, at), post, expects), at)


def take_posts(*, posts: Sequence[Post], at: datetime) -> list[Counts | Refusal]:
    """Takes in several posts of events by one commit; what each would have heard alone, in their order.

    When they cannot go in together, each goes in by itself. Raises only when the database fails.
    """
    answers: dict[int, Counts | Refusal] = {}
    ready: dict[int, ReadBody] = {}
    sources: dict[str, SourceCard] = {}
    for place, post in enumerate(posts):
        try:
            if post.authorization not in sources:
                sources[post.authorization] = _source_of(post.authorization, at)
            ready[place] = _read(sources[post.authorization], post, "events")
        except Refusal as refusal:
            answers[place] = refusal
    together = {place: each for place, each in ready.items() if _is_plain(each)}
    try:
        taken = take_several(bodies=list(together.values()), at=at) if together else []
        answers |= zip(together, taken, strict=True)
    except DATABASE_AWAY:
        raise
    except Exception:
        # one of them is at fault, and none of them is in: alone, only that one hears of it
        together = {}
    for place in ready.keys() - together.keys():
        try:
            answers[place] = _take_alone(ready[place], at)
        except Refusal as refusal:
            answers[place] = refusal
    return [answers[place] for place in range(len(posts))]


def _is_plain(each: ReadBody) -> bool:
    """Whether a body can share a commit: whatever holds more than events goes the whole way, alone."""
    said = each.parsed
    more = said.master_data or said.complaints or said.pickup_codes or said.subscriptions
    return not (each.source.is_paused or more or said.carrier_correction)


def _read(source: SourceCard, post: Post, expects: str) -> ReadBody:
    plain = _unpacked(post.body, post.encoding.strip().lower())
    return ReadBody(source, plain, post.content_type, _parsed(source, plain, expects))


def _take_alone(each: ReadBody, at: datetime) -> Counts:
    counts = take_in(
        source=each.source, body=each.body, content_type=each.content_type, at=at, parsed=each.parsed
    )
    if counts.quarantined:
        raise NotReadable
    return counts


def _source_of(authorization: str, at: datetime) -> SourceCard:
    """The key's own source: what a key sent is known again by key."""
    scheme, _space, token = authorization.partition(" ")
    viewer = viewer_of_key(token.strip()) if scheme.lower() == "bearer" and token else None
    if viewer is None:
        raise NoKey
    if not viewer.may(Permission.INGEST):
        raise MayNotIngest
    return ensure_source(code=f"key-{viewer.key_id}", plugin="generic", label=viewer.name, at=at)


def _unpacked(body: bytes, encoding: str) -> bytes:
    if len(body) > MAX_WIRE:
        raise TooLarge
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise WrongEncoding
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MAX_UNPACKED + 1)
    except zlib.error:
        raise NotReadable from None
    if len(plain) > MAX_UNPACKED:
        raise TooLarge
    if not unpacker.eof:
        raise NotReadable
    return plain


def _parsed(source: SourceCard, body: bytes, expects: str) -> Parsed:
    try:
        parsed = source.reader.parse(body, "application/json", {"expects": expects}, source.zone)
    except Unreadable:
        raise NotReadable from None
    if len(parsed.events) + len(parsed.master_data) + len(parsed.rejected) > MAX_ITEMS:
        raise TooLarge
    return parsed
