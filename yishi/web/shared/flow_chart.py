"""A workflow drawn by the server: boxes, ways, and where a case stands. No script, colours by class."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yishi.cases.rules.flow_chart import Box, Chart, Way

_WIDE, _HIGH = 120, 48
_ACROSS, _DOWN = 36, 40
_EDGE, _LANE = 18, 14
_LINE = 8.5

_CLASSES = {"DONE": "is-done", "NOW": "is-now", "NEXT": "is-ahead", "LATER": "is-next"}


def flow_chart(chart: Chart, names: Mapping[str, str], notes: Mapping[str, str], label: str) -> SafeString:
    """The chart; `names` and `notes` (who, how long) by step. The page gives the same as a list beside it."""
    is_marked = any(box.state != "LATER" for box in chart.boxes)
    places = {box.key: _corner(box) for box in chart.boxes}
    under = _DOWN // 2 + chart.rows * (_HIGH + _DOWN) - _DOWN
    wide = 2 * _EDGE + chart.columns * (_WIDE + _ACROSS) - _ACROSS
    high = under + _LANE * chart.lanes + 8
    whole = _farthest(chart.ways, places)
    ways = format_html_join(
        "",
        '<path class="{}" d="{}"/><path class="h {}" d="{}"/>',
        (
            (_way_class(way, is_marked), line, "w" if way.is_walked else "", heads)
            for way, (line, heads) in ((way, _draw(way, places, under, whole)) for way in chart.ways)
        ),
    )
    boxes = format_html_join(
        "",
        '<g class="{}"><rect x="{}" y="{}" width="120" height="48" rx="10"/>{}</g>',
        (
            (_CLASSES[box.state] if is_marked else "", *places[box.key], _words(box, places, names))
            for box in chart.boxes
        ),
    )
    small = format_html_join(
        "",
        '<text class="m" x="{}" y="{}">{}</text>',
        (
            (x + _WIDE // 2, y + _HIGH + 10, note)
            for key, (x, y) in places.items()
            if (note := notes.get(key, ""))
        ),
    )
    said = " → ".join(names.get(box.key, box.key) for box in chart.boxes)
    return format_html(
        '<svg class="y-flow y-flow-full" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img">'
        "<title>{2}</title><desc>{3}</desc>{4}{5}{6}</svg>",
        wide,
        high,
        label,
        _("步骤：%s") % said,
        ways,
        boxes,
        small,
    )


def _corner(box: Box) -> tuple[int, int]:
    return _EDGE + box.column * (_WIDE + _ACROSS), 4 + box.row * (_HIGH + _DOWN)


def _words(box: Box, places: Mapping[str, tuple[int, int]], names: Mapping[str, str]) -> SafeString:
    """The name in one or two lines; the rest of a long one is in the list beside the chart."""
    x, y = places[box.key]
    lines = _lines(names.get(box.key, box.key))
    middle = y + _HIGH // 2
    tops = [middle] if len(lines) == 1 else [middle - 9, middle + 9]
    return format_html_join(
        "",
        '<text x="{}" y="{}">{}</text>',
        ((x + _WIDE // 2, top, line) for line, top in zip(lines, tops, strict=True)),
    )


def _lines(name: str) -> list[str]:
    """Lines of about nine Chinese or eighteen other signs; a word of letters is not cut where that fits."""
    if _length(name) <= _LINE:
        return [name]
    cut = next((at for at in range(len(name), 0, -1) if _length(name[:at]) <= _LINE), 1)
    space = name.rfind(" ", 0, cut + 1)
    cut = space if space > 3 else cut
    rest = name[cut:].strip()
    while _length(rest) > _LINE:
        rest = f"{rest[:-2]}…"
    return [name[:cut], rest]


def _length(text: str) -> float:
    return sum(1 if ord(sign) > 0x2E80 else 0.55 for sign in text)


def _way_class(way: Way, is_marked: bool) -> str:
    if way.is_walked:
        return "w"
    return "n" if way.is_automatic or is_marked else ""


def _farthest(ways: Iterable[Way], places: Mapping[str, tuple[int, int]]) -> set[Way]:
    """Of the ways that share a lane from one side, the one that runs along all of it; the others join it."""
    farthest: dict[tuple[int, bool], Way] = {}
    for way in ways:
        side = (way.lane, _across(way, places) > 0)
        if way.lane and (side not in farthest or _long(way, places) > _long(farthest[side], places)):
            farthest[side] = way
    return set(farthest.values())


def _across(way: Way, places: Mapping[str, tuple[int, int]]) -> int:
    return places[way.to_key][0] - places[way.from_key][0]


def _long(way: Way, places: Mapping[str, tuple[int, int]]) -> int:
    return abs(_across(way, places))


def _draw(
    way: Way, places: Mapping[str, tuple[int, int]], under: int, whole: Collection[Way]
) -> tuple[str, str]:
    """(the line, its arrow heads) of one way."""
    (x1, y1), (x2, y2) = places[way.from_key], places[way.to_key]
    if way.lane:
        low = under + way.lane * _LANE - 4
        # what was walked is drawn whole, over the others
        if way in whole or way.is_walked:
            return _round(x1, y1, x2, y2, low, way.lane)
        return f"M{x1 + _WIDE} {y1 + _HIGH - 9}H{x1 + _WIDE + 8 + way.lane * 3 % 12}V{low}", ""
    if y1 == y2:
        middle = y1 + _HIGH // 2
        line = f"M{x1 + _WIDE} {middle}H{x2}"
        return line, _right(x2, middle) + (_left(x1 + _WIDE, middle) if way.is_both else "")
    is_down = y2 > y1
    (ax, ay), (bx, by) = ((x1, y1), (x2, y2)) if is_down else ((x2, y2), (x1, y1))
    lean = (bx > ax) - (bx < ax)
    ax, bx = ax + _WIDE // 2 + lean * 40, bx + _WIDE // 2 - lean * 40
    top, bottom = ay + _HIGH, by
    half = (top + bottom) // 2
    line = f"M{ax} {top}C{ax} {half} {bx} {half} {bx} {bottom}"
    heads = _down(bx, bottom) if is_down or way.is_both else ""
    return line, heads + (_up(ax, top) if not is_down or way.is_both else "")


def _round(x1: int, y1: int, x2: int, y2: int, low: int, lane: int) -> tuple[str, str]:
    """Under all rows: down beside the box, along, and up before the other."""
    out, into = y1 + _HIGH - 9, y2 + _HIGH - 9
    right, left = x1 + _WIDE + 8 + lane * 3 % 12, x2 - 12 - lane * 3 % 5
    return f"M{x1 + _WIDE} {out}H{right}V{low}H{left}V{into}H{x2}", _right(x2, into)


def _right(x: int, y: int) -> str:
    return f"M{x - 8} {y - 5}l8 5-8 5z"


def _left(x: int, y: int) -> str:
    return f"M{x + 8} {y - 5}l-8 5 8 5z"


def _down(x: int, y: int) -> str:
    return f"M{x - 5} {y - 8}l5 8 5-8z"


def _up(x: int, y: int) -> str:
    return f"M{x - 5} {y + 8}l5-8 5 8z"
