"""What a case tells that was opened because the system found trouble."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.kinds import Say, Titles
from yishi.detection.queries.words import kind_words

TITLES: Titles = {"INCIDENT_OVER": gettext_lazy("异常解除")}


def _over(data: Mapping[str, Any]) -> str:
    return _("包裹已经继续走件，%(kind)s解除，没有人接手，自动撤销") % {"kind": kind_words(data["kind"])}


SENTENCES: Say = {"INCIDENT_OVER": _over}
