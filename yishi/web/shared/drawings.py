"""What the server draws itself: the land, a clock's ring, the flow of steps. No script moves it."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from yishi.web.shared import clocks

Text = str | Promise


def hills() -> SafeString:
    """The land behind the answer; first child of `y-lead`."""
    return mark_safe(  # a constant
        '<svg class="y-hills" viewBox="0 0 400 100" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="M0 62C50 30 95 34 140 56 185 78 210 30 262 26 312 22 345 60 400 44V100H0z"/>'
        '<path d="M0 84C60 58 120 70 175 84 225 96 270 62 320 62 355 62 380 76 400 72V100H0z"/></svg>'
    )


def empty_picture() -> SafeString:
    """A parcel, a road and a plum blossom, for `y-empty`."""
    return mark_safe(  # a constant
        '<svg viewBox="0 0 180 110" aria-hidden="true">'
        '<path class="f" d="M0 92C40 66 84 78 116 84s44-8 64-4v30H0z"/>'
        '<path class="r" d="M8 100C50 76 84 98 118 90s40-8 58-4"/>'
        '<path class="s" d="M70 40l22-11 22 11v24L92 75 70 64zM70 40l22 11 22-11M92 51v24"/>'
        '<path class="p" d="M134 26a6 6 0 1 1 9-6'
        ' 6 6 0 1 1 9 6 6 6 0 1 1-3 10 6 6 0 1 1-12 0 6 6 0 1 1-3-10z"/>'
        "</svg>"
    )


def ring(face: clocks.ClockFace, large: bool = False) -> SafeString:
    runs = (
        format_html(
            '<animate attributeName="stroke-dasharray" to="0 101" dur="{}s" fill="freeze"/>', face.runs_s
        )
        if face.runs_s
        else mark_safe("")
    )
    return format_html(
        '<svg class="y-ring {}{}" viewBox="0 0 36 36" aria-hidden="true"><circle cx="18" cy="18" r="15"/>'
        '<circle cx="18" cy="18" r="15" pathLength="100" stroke-dasharray="{} 101">{}</circle></svg>',
        face.role,
        " is-l" if large else "",
        face.percent,
        runs,
    )


_BOX, _GAP, _ROW = 96, 26, 70
_LETTER = 6.2


def _drawn_in(word: str) -> SafeString:
    """Letters of a long word stand closer, so that it stays within its box."""
    is_long = sum(2 if ord(sign) > 0x2E80 else 1 for sign in word) * _LETTER > _BOX - 10
    return (
        format_html(' textLength="{}" lengthAdjust="spacingAndGlyphs"', _BOX - 12)
        if is_long
        else mark_safe("")
    )


def flow_strip(steps: Iterable[tuple[Text, str]], label: Text, per_row: int = 0) -> SafeString:
    """Steps, each (word, done | now | next), as a server-drawn chart: one line, or `per_row` boxes a row."""
    listed = list(steps)
    columns = per_row or max(len(listed), 1)
    places = [(2 + n % columns * (_BOX + _GAP), 4 + n // columns * _ROW) for n in range(len(listed))]
    boxes = format_html_join(
        "",
        '<g class="is-{}"><rect x="{}" y="{}" width="{}" height="36" rx="10"/>'
        '<text x="{}" y="{}"{}>{}</text></g>',
        (
            (state, x, y, _BOX, x + _BOX // 2, y + 18, _drawn_in(str(word)), word)
            for (word, state), (x, y) in zip(listed, places, strict=True)
        ),
    )
    arrows = format_html_join(
        "",
        '<path class="{}" d="{}"/><path class="h {}" d="M{} {}l8 5-8 5z"/>',
        (
            _arrow(before, after, "n" if state == "next" else "w")
            for before, after, (_word, state) in zip(places, places[1:], listed[1:], strict=False)
        ),
    )
    wide = 4 + min(columns, len(listed)) * (_BOX + _GAP) - _GAP
    high = 44 + (len(listed) - 1) // columns * _ROW
    shape = "y-flow" if per_row else "y-flow y-flow-line"
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        shape,
        wide,
        high,
        label,
        arrows,
        boxes,
    )


def _arrow(before: tuple[int, int], after: tuple[int, int], walked: str) -> tuple[str, str, str, int, int]:
    """The way between two boxes: straight on, or round the corner to the next row."""
    (x1, y1), (x2, y2) = before, after
    head = "w" if walked == "w" else ""
    if y1 == y2:
        return walked, f"M{x1 + _BOX} {y1 + 18}h{_GAP - 8}", head, x2 - 9, y1 + 13
    middle = y1 + 36 + (_ROW - 36) // 2
    way = f"M{x1 + _BOX // 2} {y1 + 36}V{middle}H{x2 + _BOX // 2}V{y2}"
    return walked, way, head, -20, -20
