"""The training book of the release: lines by intent, the blind set, what was learnt with vectors."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yishi.assistant.rules.building import Learnt, Line, read_learnt

BOOK = Path(__file__).resolve().parent.parent / "phrases"
LEARNT = BOOK.parent / "learnt.json"
_HELD_OUT = "held_out.tsv"


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """A line that nothing is trained on; `is_clear`: a careful reader finds it unambiguous."""

    intent: str
    text: str
    second: str
    is_clear: bool


@lru_cache(maxsize=1)
def release_lines() -> tuple[Line, ...]:
    """Every line of the book, in a fixed order."""
    paths = sorted(path for path in BOOK.glob("*.tsv") if path.name != _HELD_OUT)
    return tuple(
        Line(intent=intent, text=text, second=second, family=family)
        for path in paths
        for intent, text, second, family in _rows(path)
    )


def held_out_lines() -> tuple[HeldOut, ...]:
    """The blind set."""
    return tuple(
        HeldOut(intent=intent, text=text, second=second, is_clear=judged == "clear")
        for intent, text, second, judged in _rows(BOOK / _HELD_OUT)
    )


def _rows(path: Path) -> Iterator[tuple[str, str, str, str]]:
    for row in path.read_text(encoding="utf-8").splitlines():
        cells = row.split("\t")
        if len(cells) == 4:
            yield cells[0], cells[1], cells[2], cells[3]


@lru_cache(maxsize=1)
def release_learnt() -> Learnt:
    """What was learnt with vectors before the release; nothing, where the file is missing."""
    return read_learnt(LEARNT.read_text(encoding="utf-8")) if LEARNT.exists() else Learnt()
