"""Reads the tables of our own lines, and measures."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

LINES = Path(__file__).parent / "lines"


def rows_of(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (LINES / name).read_text(encoding="utf-8").splitlines()]


def halves_of(name: str) -> dict[str, list[list[str]]]:
    """The half that was looked at while the rule was made, and the half that was not."""
    rows = rows_of(name)
    return {"seen": rows[0::2], "held": rows[1::2]}


def macro_f1(pairs: Iterable[tuple[str, str]]) -> tuple[float, dict[str, float]]:
    """Of (expected, told) pairs: the mean over the expected labels, and each label's own."""
    counted = Counter(pairs)
    labels = {expected for expected, _ in counted}
    each = {}
    for label in labels:
        right = counted[label, label]
        told = sum(count for (_, told), count in counted.items() if told == label)
        expected = sum(count for (wanted, _), count in counted.items() if wanted == label)
        each[label] = 2 * right / (told + expected)
    return sum(each.values()) / len(each), each
