"""Cuts a file of tracking events or master data into bodies of a size that one transaction likes."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import msgspec

SIZE = 2_000

# where the generic plug-in looks for a header, and what a header does not hold
_HEADER_WITHIN = 10
_NUMBER = re.compile(r"\d{3}")

_Item = TypeVar("_Item")

_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
}


@dataclass(frozen=True)
class Piece:
    """One body; `first` is the index in the file of its first item, from 0."""

    body: bytes
    content_type: str
    first: int


def pieces(path: Path, *, is_list: bool, size: int = SIZE) -> Iterator[Piece]:
    """The file as bodies of up to `size` items. `is_list` False (a captured callback): as it stands."""
    body = path.read_bytes()
    content_type = _TYPES.get(path.suffix.lower(), "application/json")
    if not is_list:
        yield Piece(body, content_type, 0)
    elif content_type == "application/x-ndjson":
        yield from _lines(body, size)
    elif content_type == "text/csv":
        yield from _rows(body, size)
    elif content_type == "application/json":
        yield from _items(body, size)
    else:
        yield Piece(body, content_type, 0)


def _lines(body: bytes, size: int) -> Iterator[Piece]:
    for first, group in _groups(body.splitlines(), size):
        yield Piece(b"\n".join(group), "application/x-ndjson", first)


def _rows(body: bytes, size: int) -> Iterator[Piece]:
    """Groups of rows, each with the header; Excel's UTF-8 mark and GB 18030 are read."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("gb18030", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    start = list(islice(reader, _HEADER_WITHIN))
    height = _height_of_head(start)
    for first, group in _groups(chain(start[height:], reader), size):
        out = io.StringIO(newline="")
        csv.writer(out).writerows([*start[:height], *group])
        yield Piece(out.getvalue().encode(), "text/csv", first)


def _height_of_head(rows: Sequence[Sequence[str]]) -> int:
    """How many rows stand above the first row of data: titles and the header, which is the first row of
    several words without a number."""
    for height, row in enumerate(rows, start=1):
        words = [cell for cell in row if cell.strip()]
        if len(words) > 1 and not any(_NUMBER.search(word) for word in words):
            return height
    return min(len(rows), 1)


def _items(body: bytes, size: int) -> Iterator[Piece]:
    """Groups of a JSON array; anything else as it stands."""
    try:
        items = msgspec.json.decode(body, type=list[msgspec.Raw])
    except msgspec.DecodeError:
        yield Piece(body, "application/json", 0)
        return
    for first, group in _groups(items, size):
        yield Piece(msgspec.json.encode(group), "application/json", first)


def _groups(items: Iterable[_Item], size: int) -> Iterator[tuple[int, list[_Item]]]:
    rest, first = iter(items), 0
    while group := list(islice(rest, size)):
        yield first, group
        first += len(group)
