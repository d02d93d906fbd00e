"""Texts as chat channels take them: in pieces of so many bytes, with the labels of choices."""

from collections.abc import Sequence
from typing import Any


def pieces(text: str, most_bytes: int) -> list[str]:
    """The text in pieces that fit, cut at line ends where one is near; at least one piece."""
    found: list[str] = []
    rest = text
    while len(rest.encode()) > most_bytes:
        fits = len(rest.encode()[:most_bytes].decode("utf-8", "ignore"))
        line_end = rest.rfind("\n", fits // 2, fits)
        cut = line_end + 1 if line_end > 0 else fits
        found.append(rest[:cut])
        rest = rest[cut:]
    return [*found, rest]


def shortened(text: str, most: int) -> str:
    """One line of at most so many signs."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def labels(options: Sequence[Any]) -> list[str]:
    """What the choices offered with a message are called."""
    found = [each.get("say", "") if isinstance(each, dict) else each for each in options]
    return [str(each) for each in found if each]


def with_choices(text: str, options: Sequence[Any]) -> str:
    """The choices as lines under the text, where a channel knows no buttons."""
    lines = "\n".join(f"· {label}" for label in labels(options))
    return f"{text}\n{lines}" if lines else text
