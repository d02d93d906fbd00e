"""The drawing of a day's forecast: range, expectation, who came, and the hours that need more counters."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yishi.stations.queries.hours import Day

_WIDE, _HIGH, _LEFT, _TOP, _FOOT = 760, 220, 34, 12, 26


def hours_chart(day: Day) -> SafeString:
    """Bars of what is expected with their range as a line, dots of who came; its label tells the finding."""
    rows = day.rows
    top = max([5.0, *(row.forecast.high for row in rows if row.forecast), *(row.came or 0 for row in rows)])
    step = (_WIDE - _LEFT) / max(len(rows), 1)
    deep = _HIGH - _TOP - _FOOT

    def y(value: float) -> str:
        return f"{_TOP + deep * (1 - value / top):.1f}"

    lines = format_html_join(
        "",
        '<path class="g" d="M{} {}H{}"/><text class="e" x="{}" y="{}">{}</text>',
        ((_LEFT, y(part), _WIDE, _LEFT - 6, float(y(part)) + 4, round(part)) for part in (0, top / 2, top)),
    )
    bars = format_html_join(
        "",
        '<rect class="bar f-soft{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<path class="f-range" d="M{} {}V{}"/>',
        (
            (
                "",
                f"{_LEFT + n * step + step * 0.22:.1f}",
                y(row.forecast.visits),
                f"{step * 0.56:.1f}",
                f"{deep * row.forecast.visits / top:.1f}",
                f"{_LEFT + (n + 0.5) * step:.1f}",
                y(row.forecast.low),
                y(row.forecast.high),
            )
            for n, row in enumerate(rows)
            if row.forecast
        ),
    )
    dots = format_html_join(
        "",
        '<circle class="dot" cx="{}" cy="{}" r="4"/>',
        (
            (f"{_LEFT + (n + 0.5) * step:.1f}", y(row.came))
            for n, row in enumerate(rows)
            if row.came is not None
        ),
    )
    feet = format_html_join(
        "",
        '<text class="k" x="{}" y="{}">{}</text>',
        ((f"{_LEFT + (n + 0.5) * step:.1f}", _HIGH - 8, row.hour) for n, row in enumerate(rows)),
    )
    return format_html(
        '<svg class="y-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        _WIDE,
        _HIGH,
        _finding(day),
        lines,
        bars,
        dots,
        feet,
    )


def _finding(day: Day) -> str:
    """What the drawing shows, in a sentence."""
    known = [(row.forecast.visits, row) for row in day.rows if row.forecast]
    if not known:
        return _("还没有记录，画不出来")
    visits, busiest = max(known, key=lambda one: one[0])
    words = {"hour": busiest.hour, "visits": round(visits), "counters": busiest.counters}
    return _("最忙的是 %(hour)s 点，约 %(visits)s 人，要开 %(counters)s 个窗口") % words
