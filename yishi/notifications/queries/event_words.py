"""The report of a declared event in words, for the page, the group and the mail."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.kit.phrases import joined
from yishi.notifications.queries.events import EventReport
from yishi.shipments.queries.eta import zone

NUMBERS: Mapping[str, object] = {
    "parcels": gettext_lazy("受影响的包裹"),
    "delivered": gettext_lazy("其中已签收"),
    "told": gettext_lazy("通知的人"),
    "sent": gettext_lazy("其中已发出"),
    "failed": gettext_lazy("其中没有送达"),
    "same_person": gettext_lazy("同一个人的其他包裹"),
    "unreachable": gettext_lazy("没有联系方式"),
    "unwanted": gettext_lazy("本人不要通知"),
    "waiting": gettext_lazy("还没轮到"),
    "complaints": gettext_lazy("期间的诉求"),
    "prolonged": gettext_lazy("顺延时限的工单"),
}


def numbers_of(report: EventReport) -> list[tuple[str, int]]:
    return [(str(word), getattr(report, field)) for field, word in NUMBERS.items()]


def report_text(report: EventReport) -> str:
    """What is pasted into the group, or sent upwards."""
    event = report.event
    values = {
        "kind": event.kind_words,
        "place": event.place,
        "since": said_moment(event.since),
        "until": said_moment(event.closed_at or event.until),
    }
    said = _("【大范围延误报告】%(kind)s，%(place)s，%(since)s 至 %(until)s")
    head = said % values if report.is_final else _("%s（还在继续）") % (said % values)
    return "\n".join(
        [head, event.text, joined((f"{word} {count}" for word, count in numbers_of(report)), "，")]
    )


def said_moment(at: datetime) -> str:
    return f"{at.astimezone(zone()):%m-%d %H:%M}"
