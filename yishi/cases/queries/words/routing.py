"""Why a case stands where it stands and with whom; what was offered to whom, and who works on it too."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.kinds import Say, Titles
from yishi.kit.phrases import joined

# why this outlet (`routing.rules.custody`)
_REASONS: Mapping[str, Callable[[], str]] = {
    "DELIVERED_HERE": lambda: _("这件由它派送"),
    "DAMAGE_NOTED": lambda: _("第一次记下破损时，包裹在这个网点"),
    "LONGEST_GAP": lambda: _("包裹在这里停得最久，%(hours)d 小时"),
    "ACCEPTED_HERE": lambda: _("这件由它收寄"),
    "LAST_HOLDER": lambda: _("包裹最后一次出现在这个网点"),
    "HOLDS_NOW": lambda: _("包裹现在在这个网点"),
    "LAST_HELD": lambda: _("包裹最近在这个网点，或由它派送"),
    "DESTINATION": lambda: _("这个网点是目的网点"),
    "SERVICE_AREA": lambda: _("收件地址在这个网点的服务范围"),
    "UNKNOWN_PARCEL": lambda: _("还没有这个单号的物流信息，先由总部核实"),
    "NO_OUTLET": lambda: _("物流信息里没有我们的网点，先由总部核实"),
}
# why this person (`routing.rules.people`)
_PEOPLE: Mapping[str, Callable[[], str]] = {
    "NAMED": lambda: _("给了这家大客户的专属客服"),
    "KNOWS": lambda: _("给了办过这位顾客或这件包裹的人"),
    "SKILLED": lambda: _("给了值班里擅长这一类的人"),
    "LEAST_LOAD": lambda: _("给了值班里手上最少的人"),
    "ONLY_ONE": lambda: _("给了值班的人"),
    "FALLBACK": lambda: _("没有人当班或都满了，给了后备的人"),
    "ALL_FULL": lambda: _("值班的都满了，给了手上最少的人"),
    "MANAGER": lambda: _("这会儿没人值班，给了网点负责人"),
    "HEAD_OFFICE": lambda: _("这会儿没人值班，网点也没有负责人，给了总部"),
    "OWNER": lambda: _("没有别人在，给了老板"),
}

TITLES: Titles = {
    "ROUTED": gettext_lazy("送到网点"),
    "HANDOVER_ASKED": gettext_lazy("请别的网点接收"),
    "HANDOVER_ACCEPTED": gettext_lazy("接收了转交"),
    "HANDOVER_REFUSED": gettext_lazy("不接收：不是我们的"),
    "HANDOVER_LAPSED": gettext_lazy("转交到时没答复"),
    "HANDOVER_WITHDRAWN": gettext_lazy("收回转交"),
    "PARTY_JOINED": gettext_lazy("请网点协同"),
    "PARTY_LEFT": gettext_lazy("结束协同"),
    "LEAD_TAKEN": gettext_lazy("换牵头网点"),
}


def _routed(data: Mapping[str, Any]) -> str:
    to = _("已送到%(outlet)s") % {"outlet": data["outlet"]} if data.get("outlet") else _("已送到总部客服")
    why, who = _REASONS.get(data.get("reason", "")), _PEOPLE.get(data.get("person", ""))
    said = joined((to, why() % {"hours": data.get("hours", 0)} if why else ""), "：")
    return joined((said, who() if who else ""), "；")


def _of_outlet(words: Callable[[], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda data: words() % {"outlet": data.get("outlet", "")}


SENTENCES: Say = {
    "ROUTED": _routed,
    "HANDOVER_ASKED": _of_outlet(lambda: _("请%(outlet)s接收，答复前仍由我们负责")),
    "HANDOVER_ACCEPTED": _of_outlet(lambda: _("%(outlet)s接收了，从现在起由它负责")),
    "HANDOVER_REFUSED": _of_outlet(lambda: _("%(outlet)s说不是它的")),
    "HANDOVER_LAPSED": _of_outlet(lambda: _("%(outlet)s到时没有答复，已请总部定")),
    "HANDOVER_WITHDRAWN": _of_outlet(lambda: _("不再请%(outlet)s接收")),
    "PARTY_JOINED": _of_outlet(lambda: _("%(outlet)s一起办")),
    "PARTY_LEFT": _of_outlet(lambda: _("%(outlet)s不再协同")),
    "LEAD_TAKEN": _of_outlet(lambda: _("改由%(outlet)s牵头")),
}

TOLD: Say = {}
