"""What the courier's part in a case tells: his answer, when he comes again, whether it is settled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.kinds import Say, Titles
from yishi.kit.phrases import remarked

ANSWER_WORDS: Mapping[str, Promise] = {
    "HANDED_OVER": gettext_lazy("当面交到了本人手里"),
    "AS_AGREED": gettext_lazy("放在说好的地方"),
    "ON_MY_WAY": gettext_lazy("我马上去处理"),
    "MY_MISTAKE": gettext_lazy("是我没做好"),
    "NOT_MINE": gettext_lazy("这件不是我送的"),
}

TITLES: Titles = {
    "COURIER_ANSWER": gettext_lazy("快递员答复"),
    "COURIER_FOUND": gettext_lazy("快递员当面发现"),
    "STATION_FOUND": gettext_lazy("驿站验货时发现"),
    "SETTLE_ASKED": gettext_lazy("快递员说已经说好，请你确认"),
    "SETTLED_YES": gettext_lazy("收件人确认：说好了"),
    "SETTLED_NO": gettext_lazy("收件人说：还没有"),
    "NEXT_VISIT": gettext_lazy("约好了再来"),
}


def _answer(data: Mapping[str, Any]) -> str:
    word = str(ANSWER_WORDS.get(data["answer"], data["answer"]))
    return remarked(word, data.get("said", ""))


def _hours(data: Mapping[str, Any]) -> dict[str, str]:
    zone = ZoneInfo(settings.TIME_ZONE)
    first, last = (datetime.fromisoformat(data[name]).astimezone(zone) for name in ("from", "until"))
    return {"from": f"{first:%m-%d %H:%M}", "until": f"{last:%H:%M}"}


def _visit(data: Mapping[str, Any]) -> str:
    return _("家里没人，快递员 %(from)s–%(until)s 再来") % _hours(data)


def _told_visit(data: Mapping[str, Any]) -> str:
    return _("来过一次没见到人，快递员 %(from)s–%(until)s 再来") % _hours(data)


SENTENCES: Say = {"COURIER_ANSWER": _answer, "NEXT_VISIT": _visit}
TOLD: Say = {"NEXT_VISIT": _told_visit}
