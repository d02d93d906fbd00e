"""What a program posts with its key: unpacked within limits, read, taken in. Web and edge answer it alike."""

import zlib
from datetime import datetime

from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, Unreadable
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.errors import Refusal
from yishi.people.queries import viewer_of_key
from yishi.people.rules import Permission
from yishi.shipments.actions.take_in import take_in
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


def take_post(
    *, authorization: str, body: bytes, encoding: str, content_type: str, expects: str, at: datetime
) -> Counts:
    """Takes in `events` or `shipments` as posted; durable when it returns outside a transaction.

    At most 4 MB on the wire, 16 MB unpacked, 5,000 items. Raises the refusals above; a program hears at
    once what it did wrong, so nothing it sent goes to quarantine.
    """
    source = _source_of(authorization, at)
    plain = _unpacked(body, encoding.strip().lower())
    parsed = _parsed(source, plain, expects)
    counts = take_in(source=source, body=plain, content_type=content_type, at=at, parsed=parsed)
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
