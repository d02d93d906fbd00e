"""What the person's own presses, corrections and proofs tell."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.kinds import Say, Titles

TITLES: Titles = {
    "URGED": gettext_lazy("客户催办"),
    "CORRECTION": gettext_lazy("更正"),
    "QUARANTINED": gettext_lazy("附件已隔离"),
}


def _urged(data: Mapping[str, Any]) -> str:
    return _("第 %(times)d 次催") % {"times": data["times"]}


def _quarantined(data: Mapping[str, Any]) -> str:
    return _("一个附件查出病毒（%(found)s），已隔离，谁也打不开") % {"found": data["found"]}


SENTENCES: Say = {"URGED": _urged, "QUARANTINED": _quarantined}


def _told_urged(data: Mapping[str, Any]) -> str:
    return _("已经排到最前面") if data["priority"] >= 2 else _("已经往前排，负责的人看到了")


TOLD: Say = {"URGED": _told_urged}
