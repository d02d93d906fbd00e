"""The layouts that are known, and which of them a header is. Pure; the layouts are data (`layouts.json`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from yishi.plugins.common.cells import plain_heading

HEADER_WITHIN = 10
# a header of another layout that fits better by so much is that layout, with something missing
_CLEARLY = 0.6


class Layout(msgspec.Struct, frozen=True, eq=False, forbid_unknown_fields=True):
    """One kind of export. `columns`: what each role is called, the preferred name first.

    `needs` are roles, `tells` headings without which it is something else; of `any_of` one role is enough.
    `also` are columns that it usually has; `rates` those that hold a rate.
    """

    name: str
    label: str
    use: str
    needs: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    any_of: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True)
class Fit:
    """How well a header is a layout: how many of its headings are known, what is missing, roles by column."""

    layout: Layout
    known: int
    missing: tuple[str, ...]
    roles: dict[str, int]


@dataclass(frozen=True)
class Header:
    """A header that was found: its last row (from 0), the headings as they stand, and what it is."""

    last: int
    headings: tuple[str, ...]
    fit: Fit


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts, in the order of the file."""
    said = Path(__file__).with_name("layouts.json").read_bytes()
    return msgspec.json.decode(said, type=tuple[Layout, ...])


@cache
def _headings_of(layout: Layout) -> frozenset[str]:
    named = (name for names in layout.columns.values() for name in names)
    return frozenset(plain_heading(name) for name in (*named, *layout.also, *layout.tells, *layout.rates))


def fit_of(layout: Layout, columns: Sequence[Sequence[str]]) -> Fit:
    """How well columns, each with its possible plain headings, are this layout."""
    place: dict[str, int] = {}
    for column, names in enumerate(columns):
        for name in names:
            if name:
                place.setdefault(name, column)
    roles = {
        role: place[found]
        for role, names in layout.columns.items()
        if (found := next((p for n in names if (p := plain_heading(n)) in place), None)) is not None
    }
    missing = [layout.columns[role][0] for role in layout.needs if role not in roles]
    missing += [name for name in layout.tells if plain_heading(name) not in place]
    if layout.any_of and not any(role in roles for role in layout.any_of):
        missing.append("/".join(layout.columns[role][0] for role in layout.any_of))
    known = sum(any(name in _headings_of(layout) for name in names) for names in columns)
    return Fit(layout, known, tuple(dict.fromkeys(missing)), roles)


def best_fit(columns: Sequence[Sequence[str]]) -> Fit | None:
    """The layout that these columns are; one with `missing` where none fits; None for no likeness at all."""
    fits = [fit for layout in layouts() if (fit := fit_of(layout, columns)).known]
    if not fits:
        return None
    nearest = max(fits, key=lambda fit: fit.known)
    whole = [fit for fit in fits if not fit.missing]
    best = max(whole, key=lambda fit: fit.known, default=None)
    return best if best is not None and best.known >= _CLEARLY * nearest.known else nearest


def find_header(rows: Sequence[Sequence[Any]]) -> Header | None:
    """The header within the first rows: one row, or two of which the upper one spans columns."""
    candidates = list(_candidates(rows[:HEADER_WITHIN]))
    found = [
        Header(last, headings, fit)
        for last, headings, columns in candidates
        if (fit := best_fit(columns)) is not None
    ]
    # a whole layout before a part of one; of equals the higher and simpler header
    return max(found, key=lambda h: (not h.fit.missing, h.fit.known), default=None)


def _candidates(
    rows: Sequence[Sequence[Any]],
) -> Iterable[tuple[int, tuple[str, ...], list[tuple[str, ...]]]]:
    for number, row in enumerate(rows):
        yield number, _shown(row), [(plain_heading(cell),) for cell in row]
    for number, (upper, lower) in enumerate(pairwise(rows)):
        spread = _spread(upper, lower)
        both: list[tuple[str, ...]] = [
            (plain_heading(f"{top}{below}"), plain_heading(below), plain_heading(top))
            for top, below in spread
        ]
        yield number + 1, _shown([f"{top}{below}" for top, below in spread]), both


def _spread(upper: Sequence[Any], lower: Sequence[Any]) -> list[tuple[str, str]]:
    """Pairs of upper and lower heading; a merged cell above reaches as far as lower ones follow."""
    pairs, reach = [], ""
    for column in range(max(len(upper), len(lower))):
        top = str(upper[column] or "").strip() if column < len(upper) else ""
        below = str(lower[column] or "").strip() if column < len(lower) else ""
        reach = top or (reach if below else "")
        pairs.append((reach, below))
    return pairs


def _shown(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(" ".join(str(cell or "").split()) for cell in row)
