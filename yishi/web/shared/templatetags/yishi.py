"""The parts of the design language as tags: icon, chip, clock, dial, time, hills, flow; and words as filters.

Tags that need the present read `at` from the page's context, else the clock.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from yishi.kit import clock as kit_clock
from yishi.kit import personal
from yishi.web.shared import clocks, times, words

register = template.Library()
Text = str | Promise


def _at(context: Context) -> datetime:
    at = context.get("at")
    return at if isinstance(at, datetime) else kit_clock.now()


# ---- pictures

@register.simple_tag
def icon(name: str, size: str = "", label: Text = "") -> SafeString:
    """`{% icon "truck" %}`, `{% icon "truck" "l" %}`; hidden from screen readers unless it has a label."""
    sheet = static("yishi/icons.svg")
    shape = "y-i is-l" if size == "l" else "y-i"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>', shape, label, sheet, name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', shape, sheet, name)


@register.simple_tag
def hills() -> SafeString:
    """The land behind the answer; first child of `y-lead`."""
    return mark_safe(  # a constant
        '<svg class="y-hills" viewBox="0 0 400 100" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="M0 62C50 30 95 34 140 56 185 78 210 30 262 26 312 22 345 60 400 44V100H0z"/>'
        '<path d="M0 84C60 58 120 70 175 84 225 96 270 62 320 62 355 62 380 76 400 72V100H0z"/></svg>'
    )


@register.simple_tag
def empty_picture() -> SafeString:
    """A parcel, a road and a plum blossom, for `y-empty`."""
    return mark_safe(  # a constant
        '<svg viewBox="0 0 180 110" aria-hidden="true">'
        '<path class="f" d="M0 92C40 66 84 78 116 84s44-8 64-4v30H0z"/>'
        '<path class="r" d="M8 100C50 76 84 98 118 90s40-8 58-4"/>'
        '<path class="s" d="M70 40l22-11 22 11v24L92 75 70 64zM70 40l22 11 22-11M92 51v24"/>'
        '<path class="p" d="M134 26a6 6 0 1 1 9-6 6 6 0 1 1 9 6 6 6 0 1 1-3 10 6 6 0 1 1-12 0 6 6 0 1 1-3-10z"/>'
        "</svg>"
    )


# ---- states

@register.simple_tag
def chip(word: Text, icon_name: str, role: str = "is-brand") -> SafeString:
    """Colour, icon and word: `{% chip "优先" "flag" "is-warn" %}`."""
    return format_html('<span class="y-chip {}">{}{}</span>', role, icon(icon_name), word)


def _sign_chip(sign: words.Sign) -> SafeString:
    return chip(sign.word, sign.icon, sign.role)


@register.simple_tag
def milestone_chip(milestone: str) -> SafeString:
    return _sign_chip(words.MILESTONES.get(milestone, words.UNKNOWN))


@register.simple_tag
def status_chip(status: str) -> SafeString:
    """A case's status in the house's words."""
    return _sign_chip(words.CASE_STATUSES.get(status, words.UNKNOWN))


@register.simple_tag
def consumer_status_chip(status: str) -> SafeString:
    """A case's status in the words of the person who waits."""
    return _sign_chip(words.CASE_STATUSES_FOR_CONSUMER.get(status, words.UNKNOWN))


@register.simple_tag
def priority_chip(priority: int) -> SafeString:
    """Nothing for the normal priority."""
    return _sign_chip(words.PRIORITIES.get(priority, words.UNKNOWN)) if priority else mark_safe("")


# ---- clocks and times

def _ring(face: clocks.ClockFace, large: bool = False) -> SafeString:
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


def _face(context: Context, promise: Any) -> clocks.ClockFace:
    """`promise` is anything with started_at, due_at and maybe met_at, paused_at: a ClockCard of sla."""
    return clocks.face(
        started_at=promise.started_at,
        due_at=promise.due_at,
        met_at=getattr(promise, "met_at", None),
        paused_at=getattr(promise, "paused_at", None),
        at=_at(context),
    )


@register.simple_tag(takes_context=True)
def clock(context: Context, promise: Any, said: Text = "") -> SafeString:
    """A deadline in a line: ring and words (`said` instead of the words of the remaining time)."""
    face = _face(context, promise)
    tone = face.role if face.role in {"is-warn", "is-bad"} else ""
    exact = times.exact_words(promise.due_at)
    ring = _ring(face)
    return format_html('<span class="y-clock {}" title="{}">{}{}</span>', tone, exact, ring, said or face.words)


@register.simple_tag(takes_context=True)
def due(context: Context, due_at: datetime | None, started_at: datetime) -> SafeString:
    """The clock of a worklist row, from its next deadline alone; a dash where none runs."""
    if due_at is None:
        return mark_safe('<span class="y-meta">—</span>')
    face = clocks.face(started_at=started_at, due_at=due_at, at=_at(context))
    tone = face.role if face.role in {"is-warn", "is-bad"} else ""
    exact = times.exact_words(due_at)
    return format_html('<span class="y-clock {}" title="{}">{}{}</span>', tone, exact, _ring(face), face.words)


@register.simple_tag(takes_context=True)
def dial(context: Context, promise: Any) -> SafeString:
    """The main deadline, large; its words are for screen readers, the number stands in the ring."""
    face = _face(context, promise)
    unit = format_html("<small>{}</small>", face.unit) if face.unit else mark_safe("")
    inside = format_html('<div aria-hidden="true"><b>{}</b>{}</div>', face.short, unit)
    spoken = format_html('<span class="visually-hidden">{}</span>', face.words)
    return format_html('<div class="y-dial">{}{}{}</div>', _ring(face, large=True), inside, spoken)


@register.simple_tag(takes_context=True)
def clock_words(context: Context, promise: Any) -> str:
    return _face(context, promise).words


def _time(moment: datetime, said: str) -> SafeString:
    exact = times.exact_words(moment)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, said)


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None) -> SafeString:
    """今天 13:05, with the exact time on touch."""
    return _time(moment, times.moment_words(moment, _at(context))) if moment else mark_safe("")


@register.simple_tag(takes_context=True)
def ago(context: Context, moment: datetime | None) -> SafeString:
    """50 分钟前, with the exact time on touch."""
    return _time(moment, times.ago_words(moment, _at(context))) if moment else mark_safe("")


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None) -> str:
    """The words of `when` alone, to stand inside a translated sentence."""
    return times.moment_words(value, _at(context)) if value else ""


# ---- flow

_BOX, _GAP, _ROW = 96, 26, 70


@register.simple_tag
def flow_strip(steps: Iterable[tuple[Text, str]], label: Text, per_row: int = 0) -> SafeString:
    """Steps, each (word, done | now | next), as a server-drawn chart: one line, or `per_row` boxes a row."""
    listed = list(steps)
    columns = per_row or max(len(listed), 1)
    places = [(2 + n % columns * (_BOX + _GAP), 4 + n // columns * _ROW) for n in range(len(listed))]
    boxes = format_html_join(
        "",
        '<g class="is-{}"><rect x="{}" y="{}" width="{}" height="36" rx="10"/><text x="{}" y="{}">{}</text></g>',
        (
            (state, x, y, _BOX, x + _BOX // 2, y + 18, word)
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


# ---- words and masks

register.filter("milestone_word", lambda value: words.MILESTONES.get(value, words.UNKNOWN).word)
register.filter("status_word", lambda value: words.CASE_STATUSES.get(value, words.UNKNOWN).word)
register.filter("event_word", lambda value: words.EVENT_KINDS.get(value, words.EVENT_KINDS["unknown"]))
register.filter("category_word", lambda value: words.CATEGORIES.get(value, value))
register.filter("clock_word", lambda value: words.CLOCKS.get(value, value))
register.filter("source_word", lambda value: words.SOURCES.get(value, value))
register.filter("mask_name", lambda value: personal.mask_name(value or ""))
register.filter("mask_phone", lambda value: personal.mask_phone(value or ""))
register.filter("mask_email", lambda value: personal.mask_email(value or ""))
register.filter("mask_address", lambda value: personal.mask_address(value or ""))


@register.filter
def number(value: str) -> str:
    """A waybill number in groups of four, the last group taking what is left: 7712 0000 0018 826."""
    return " ".join(value[i : i + 4] for i in range(0, len(value), 4))


@register.filter
def case_number(value: str) -> str:
    """A case's number as it is read aloud: 26 1122 0042."""
    return f"{value[:2]} {value[2:6]} {value[6:]}" if value.isdigit() and len(value) >= 10 else value
