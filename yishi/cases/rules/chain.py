"""How a line of history is sealed: its hash stands on the line before it. Pure.

The trigger of migration 0006 computes the same in the database; `yishi audit verify` uses this one, so that
neither can be changed alone.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class SealedLine:
    """A line as it lies in the table; `data` is the JSON as the database writes it."""

    id: int
    case_id: int
    kind: str
    audience: str
    text: str
    data: str
    author_kind: str
    author_id: int | None
    at: datetime
    prev_hash: bytes
    hash: bytes


class Break(StrEnum):
    """What is wrong with a line: it was altered, or it does not follow the line before it."""

    ALTERED = "ALTERED"
    OUT_OF_LINE = "OUT_OF_LINE"


def hash_of(line: SealedLine) -> bytes:
    """SHA-256 over every value with its length in bytes, so that no two lines can read the same."""
    values = (
        line.prev_hash.hex(),
        str(line.case_id),
        line.kind,
        line.audience,
        line.text,
        line.data,
        line.author_kind,
        "" if line.author_id is None else str(line.author_id),
        str((line.at - _EPOCH) // timedelta(microseconds=1)),
    )
    said = ",".join(f"{len(value.encode())}:{value}" for value in values)
    return hashlib.sha256(said.encode()).digest()


def broken(line: SealedLine, before: bytes) -> Break | None:
    """What is wrong with this line, after the hash of the line before it ("" for the first); None if nothing.

    A line missing before it, or standing in another place, breaks the first line after the gap.
    """
    if line.prev_hash != before:
        return Break.OUT_OF_LINE
    return Break.ALTERED if hash_of(line) != line.hash else None
