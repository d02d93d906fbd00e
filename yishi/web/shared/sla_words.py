"""The words of the pages on time limits: kinds, classes, levels, statuses, lengths; and what a form says."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yishi.kit.errors import Invalid
from yishi.kit.phrases import joined
from yishi.sla.queries.setup import ChangeLine
from yishi.sla.rules.law import Limit
from yishi.sla.rules.policies import Policy
from yishi.web.shared.words import CATEGORIES, Sign

Text = str | Promise

KINDS: dict[str, Text] = {
    "FIRST_RESPONSE": gettext_lazy("首次回复"),
    "NEXT_UPDATE": gettext_lazy("下次进展"),
    "RESOLUTION": gettext_lazy("解决"),
}
CLASSES: dict[str, Text] = {
    "E": gettext_lazy("异常件"),
    "C": gettext_lazy("投诉"),
    "R": gettext_lazy("请求"),
    "Q": gettext_lazy("咨询"),
    "P": gettext_lazy("表扬"),
}
PRIORITIES: dict[int, Text] = {
    0: gettext_lazy("普通"),
    1: gettext_lazy("优先"),
    2: gettext_lazy("特急"),
}
LEVELS: dict[str, Text] = {
    "ON_DUTY": gettext_lazy("当班的人（用去八成时提醒）"),
    "OUTLET_MANAGER": gettext_lazy("网点负责人"),
    "REGION": gettext_lazy("片区质控"),
    "HEAD_OFFICE": gettext_lazy("总部质控"),
    "OWNER": gettext_lazy("老板"),
}
WAITS: dict[str, Text] = {
    "WAITING_CUSTOMER": gettext_lazy("等客户回复"),
    "WAITING_THIRD_PARTY": gettext_lazy("等第三方"),
    "MASS_EVENT": gettext_lazy("大范围延误"),
}
STATES: dict[str, Sign] = {
    "NOW": Sign(gettext_lazy("正在用"), "ok", "is-good"),
    "LATER": Sign(gettext_lazy("还没开始"), "clock", "is-idle"),
    "ENDED": Sign(gettext_lazy("已停用"), "stop", "is-idle"),
}
CHANGED: dict[str, Text] = {
    "POLICY": gettext_lazy("处理时限"),
    "CALENDAR": gettext_lazy("工作时间"),
    "LEVEL": gettext_lazy("升级链"),
    "PAUSE": gettext_lazy("暂停上限"),
    "QUIET": gettext_lazy("免打扰时间"),
    "LAW": gettext_lazy("按设置的期限"),
}
WEEKDAYS: tuple[Text, ...] = (
    gettext_lazy("星期一"),
    gettext_lazy("星期二"),
    gettext_lazy("星期三"),
    gettext_lazy("星期四"),
    gettext_lazy("星期五"),
    gettext_lazy("星期六"),
    gettext_lazy("星期日"),
)


def length_words(within: timedelta) -> str:
    """`6 小时`, `7 天`, `30 分钟`."""
    minutes = int(within.total_seconds() // 60)
    if minutes % 1440 == 0 and minutes >= 2880:
        return ngettext("%(n)d 天", "%(n)d 天", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(n)d 小时", "%(n)d 小时", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}


def scope_words(policy: Policy, outlet: str, region: str, types: Mapping[str, str]) -> str:
    """For whom a policy holds, from the strongest to the weakest of what it asks for."""
    parts: list[Text] = []
    if policy.profile:
        parts.append(policy.profile)
    if policy.type_key:
        parts.append(_("类型 %s") % types.get(policy.type_key, policy.type_key))
    if policy.category:
        parts.append(CATEGORIES.get(policy.category, policy.category))
    if policy.customer_class:
        parts.append(_("客户类别 %s") % policy.customer_class)
    if policy.priority is not None:
        parts.append(_("紧急程度 %s") % PRIORITIES.get(policy.priority, policy.priority))
    parts += [one for one in (outlet, region) if one]
    if policy.case_class:
        parts.append(CLASSES.get(policy.case_class, policy.case_class))
    return " · ".join(str(part) for part in parts) or _("所有工单")


def change_words(line: ChangeLine, types: Mapping[str, str]) -> str:
    """What somebody changed, by its name: whose hours, which promise to whom, which level or wait."""
    names: dict[str, Text] = {
        "CALENDAR": line.outlet or _("全公司"),
        "LEVEL": LEVELS.get(line.key, line.key),
        "PAUSE": joined((WAITS.get(line.key, line.key), KINDS.get(line.kind, line.kind)), "，"),
        "LAW": line.text,
    }
    name = names.get(line.what, "")
    if line.policy is not None:
        kind = KINDS.get(line.policy.kind, line.policy.kind)
        name = joined((kind, scope_words(line.policy, line.outlet, line.region, types)), "，")
    return joined((CHANGED.get(line.what, line.what), name), "：")


def citation(limit: Limit) -> str:
    """How a limit is named: law with year and article; what is only configured is never called law."""
    if not limit.is_law:
        return _("按设置执行，不是法条：%s") % limit.text
    return _("《%(title)s》（%(year)s）%(article)s") % {
        "title": limit.title,
        "year": limit.year,
        "article": limit.article,
    }


def hours_of(said: str, pointer: str) -> timedelta:
    """A number of hours as a form says it; halves too. Raises Invalid."""
    try:
        return timedelta(minutes=round(float(said.replace("，", ".").strip()) * 60))
    except (ValueError, OverflowError):
        raise Invalid([(pointer, "not_a_number", "时长写小时数，例如 2 或 0.5")]) from None


def day_of(said: str, pointer: str) -> datetime | None:
    """The beginning of a day in the zone of the installation; None for nothing. Raises Invalid."""
    if not said:
        return None
    try:
        return datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    except ValueError:
        raise Invalid([(pointer, "bad_date", "日期没看懂")]) from None


def clock_of(said: str, pointer: str) -> time:
    """A time of day. Raises Invalid."""
    try:
        return time.fromisoformat(said)
    except ValueError:
        raise Invalid([(pointer, "bad_time", "时间没看懂")]) from None
