"""The parts of the design language as tags: icon, chip, clock, dial, time, hills, flow; and words as filters.

Tags that need the present read `at` from the page's context, else the clock.
"""

import re
from datetime import MAXYEAR, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yishi.kit import clock as kit_clock
from yishi.kit import personal
from yishi.kit.phrases import joined, remarked
from yishi.web.shared import clocks, drawings, flow_chart, times, words

register = template.Library()
Text = str | Promise
# how the JSON reader says where it stopped
_PLACE = re.compile(r"line (?P<line>[0-9]+) column (?P<column>[0-9]+)")


def _at(context: Context) -> datetime:
    at = context.get("at")
    return at if isinstance(at, datetime) else kit_clock.now()


# ---- pictures


@register.simple_tag
def icon(name: str, size: str = "", label: Text = "") -> SafeString:
    """`{% icon "truck" %}`, `{% icon "truck" "l" %}`; hidden from screen readers unless it has a label."""
    return _icon(name, size, str(label), static_sheet())


@cache
def static_sheet() -> str:
    """The address of the icons, which cannot change while the process runs."""
    return static("yishi/icons.svg")


@lru_cache(1024)
def _icon(name: str, size: str, label: str, sheet: str) -> SafeString:
    shape = "y-i is-l" if size == "l" else "y-i"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>', shape, label, sheet, name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', shape, sheet, name)


register.simple_tag(drawings.hills)
register.simple_tag(drawings.empty_picture)
register.simple_tag(drawings.flow_strip)
register.simple_tag(flow_chart.flow_chart)


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
    ring = drawings.ring(face)
    return format_html(
        '<span class="y-clock {}" title="{}">{}{}</span>', tone, exact, ring, said or face.words
    )


@register.simple_tag(takes_context=True)
def due(context: Context, due_at: datetime | None, started_at: datetime) -> SafeString:
    """The clock of a worklist row, from its next deadline alone; a dash where none runs (NEVER of cases)."""
    if due_at is None or due_at.year == MAXYEAR:
        return mark_safe('<span class="y-meta">—</span>')
    face = clocks.face(started_at=started_at, due_at=due_at, at=_at(context))
    tone = face.role if face.role in {"is-warn", "is-bad"} else ""
    exact = times.exact_words(due_at)
    return format_html(
        '<span class="y-clock {}" title="{}">{}{}</span>', tone, exact, drawings.ring(face), face.words
    )


@register.simple_tag(takes_context=True)
def dial(context: Context, promise: Any) -> SafeString:
    """The main deadline, large; its words are for screen readers, the number stands in the ring."""
    face = _face(context, promise)
    unit = format_html("<small>{}</small>", face.unit) if face.unit else mark_safe("")
    number = format_html("<b>{}</b>", face.short)
    # overdue is said before the number, or it would read as time that is left
    said = (unit, number) if face.role == "is-bad" else (number, unit)
    inside = format_html('<div aria-hidden="true">{}{}</div>', *said)
    spoken = format_html('<span class="visually-hidden">{}</span>', face.words)
    return format_html('<div class="y-dial">{}{}{}</div>', drawings.ring(face, large=True), inside, spoken)


@register.simple_tag(takes_context=True)
def clock_words(context: Context, promise: Any) -> str:
    return _face(context, promise).words


def _time(moment: datetime, said: str) -> SafeString:
    exact = times.exact_words(moment)
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, said)


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None) -> SafeString:
    """今天 13:05, with the exact time on touch."""
    return _time(moment, capfirst(times.moment_words(moment, _at(context)))) if moment else mark_safe("")


@register.simple_tag(takes_context=True)
def ago(context: Context, moment: datetime | None) -> SafeString:
    """50 分钟前, with the exact time on touch."""
    return _time(moment, capfirst(times.ago_words(moment, _at(context)))) if moment else mark_safe("")


@register.simple_tag(takes_context=True)
def ago_inside(context: Context, moment: datetime | None) -> SafeString:
    """The same, to stand inside a translated sentence."""
    return _time(moment, times.ago_words(moment, _at(context))) if moment else mark_safe("")


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None) -> str:
    """The words of `when` alone, to stand inside a translated sentence."""
    return times.moment_words(value, _at(context)) if value else ""


# ---- words and masks

register.filter("milestone_word", lambda value: words.MILESTONES.get(value, words.UNKNOWN).word)
register.filter("status_word", lambda value: words.CASE_STATUSES.get(value, words.UNKNOWN).word)
register.filter("event_word", lambda value: words.EVENT_KINDS.get(value, words.EVENT_KINDS["unknown"]))
register.filter("category_word", lambda value: words.CATEGORIES.get(value, value))
register.filter("clock_word", lambda value: words.CLOCKS.get(value, value))
register.filter("source_word", lambda value: words.SOURCES.get(value, value))
register.filter("joined", joined)
register.filter("remarked", remarked)
register.filter("mask_name", lambda value: personal.mask_name(value or ""))
register.filter("mask_phone", lambda value: personal.mask_phone(value or ""))
register.filter("mask_email", lambda value: personal.mask_email(value or ""))
register.filter("mask_address", lambda value: personal.mask_address(value or ""))


@register.filter
def broken_at(detail: str) -> str:
    """Where a body stops being readable, in words; whatever else a reader noted stands as it is."""
    found = _PLACE.search(detail)
    return _("从第 %(line)s 行第 %(column)s 个字起读不下去") % found.groupdict() if found else detail


@register.filter
def percent(value: float) -> str:
    """A share with one decimal, never rounded up to a whole: 99.97 % is no 100 %."""
    return f"{int(value * 1000 + 1e-6) / 10:.1f}%"


@register.filter
def number(value: str) -> str:
    """A waybill number in groups of four, the last group taking what is left: 7712 0000 0018 826."""
    return " ".join(value[i : i + 4] for i in range(0, len(value), 4))


@register.filter
def case_number(value: str) -> str:
    """A case's number as it is read aloud: 26 1122 0042."""
    return f"{value[:2]} {value[2:6]} {value[6:]}" if value.isdigit() and len(value) >= 10 else value


@register.filter
def yuan(fen: int) -> str:
    """12.00: fen as the money that people count."""
    return f"{fen / 100:.2f}"
