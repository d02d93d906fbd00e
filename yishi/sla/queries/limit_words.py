"""The limits that articles name, in words: an article never gets old by a figure."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yishi.sla.queries.reasons import limit_here
from yishi.sla.rules.law import APPEAL_ANSWER, COMPLAINT_ANSWER

_LIMITS = {"complaint_days": COMPLAINT_ANSWER, "appeal_days": APPEAL_ANSWER}


def limits_said(*, at: datetime) -> Mapping[str, str]:
    """By the names of `knowledge.rules.markup.FIGURES`, in the reader's language: the country's limits."""
    return {name: _days(key, at) for name, key in _LIMITS.items()}


def _days(key: str, at: datetime) -> str:
    limit = limit_here(key, province="", at=at)
    if limit is None or limit.within is None:
        return _("规定的时间")
    return ngettext("%(n)d 天", "%(n)d 天", limit.within.days) % {"n": limit.within.days}
