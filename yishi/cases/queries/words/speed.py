"""What the desk's quick ways tell: tasks, priority, tags, macros, urging."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.kinds import Say, Titles
from yishi.kit.phrases import say

TITLES: Titles = {
    "TASK_GIVEN": gettext_lazy("派了任务"),
    "TASK_DONE": gettext_lazy("任务办好了"),
    "TASK_REFUSED": gettext_lazy("任务办不了"),
    "TASK_CANCELLED": gettext_lazy("任务不用办了"),
    "PRIORITY": gettext_lazy("改了级别"),
    "TAGGED": gettext_lazy("加了标签"),
    "UNTAGGED": gettext_lazy("去了标签"),
    "PRESSED": gettext_lazy("催办"),
    "MACRO": gettext_lazy("一键办理"),
}


def _title(data: Mapping[str, Any]) -> str:
    return say(data.get("said")) or str(data["title"])


def _given(data: Mapping[str, Any]) -> str:
    # older lines hold the words themselves
    whom = data.get("whom") or f"{data['outlet'] or _('总部')} {data['person']}".rstrip()
    return _("交给%(whom)s：%(title)s") % {"whom": whom, "title": _title(data)}


def _priority(data: Mapping[str, Any]) -> str:
    names = [_("普通"), _("优先"), _("特急")]
    return _("从“%(old)s”改为“%(new)s”") % {
        "old": names[int(data["old"])],
        "new": names[int(data["priority"])],
    }


SENTENCES: Say = {
    "TASK_GIVEN": _given,
    "TASK_DONE": _title,
    "TASK_REFUSED": _title,
    "TASK_CANCELLED": _title,
    "PRIORITY": _priority,
    "TAGGED": lambda data: f"#{data['tag']}",
    "UNTAGGED": lambda data: f"#{data['tag']}",
    "MACRO": lambda data: _("用“%(name)s”办了 %(count)d 步") % {"name": data["name"], "count": data["count"]},
}
