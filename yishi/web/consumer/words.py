"""What a consumer may complain of or ask for, in sentences, and in the order that fits the parcel's state."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

SAYINGS: dict[str, Text] = {
    "SIGNED_NOT_RECEIVED": _("显示签收，我没收到"),
    "UNCONSENTED_PLACEMENT": _("没问我就放进了柜子、驿站或门口"),
    "NO_DOOR_DELIVERY": _("要送上门，没有送"),
    "MISDELIVERED": _("送错了地方或送错了人"),
    "TAKEN_BY_OTHER": _("被别人拿走了"),
    "LOST": _("找不到了，可能丢了"),
    "DELAY": _("太慢了，一直没动静"),
    "DELIVERY_SERVICE": _("派送中的其他问题"),
    "DAMAGED": _("包裹坏了、湿了"),
    "SHORT": _("里面少了东西"),
    "CONTENT_MISMATCH": _("里面的东西不对"),
    "PICKUP_CODE": _("没有取件码，或取件码不对"),
    "PARCEL_NOT_FOUND": _("驿站找不到我的件"),
    "STATION_SERVICE": _("驿站的服务"),
    "ATTITUDE": _("态度不好"),
    "OVERCHARGE": _("多收了钱"),
    "CASH_ON_DELIVERY": _("代收货款的问题"),
    "ACCEPTANCE": _("寄件、上门取件的问题"),
    "PRIVACY": _("我的个人信息被泄露"),
    "SAFETY": _("有人身或物品安全问题"),
    "URGE": _("帮我催一催"),
    "RESCHEDULE": _("换个时间送"),
    "REDIRECT": _("换个地址送"),
    "INTERCEPT": _("先拦下来，别送了"),
    "RETURN": _("不要了，退回去"),
    "ENQUIRY": _("想问一件事"),
    "SUGGESTION": _("提个建议"),
    "PRAISE": _("想表扬一个人"),
    "OTHER": _("上面都不是"),
}

GROUPS: list[tuple[Text, list[str]]] = [
    (
        _("没收到、送得不对"),
        [
            "SIGNED_NOT_RECEIVED",
            "UNCONSENTED_PLACEMENT",
            "NO_DOOR_DELIVERY",
            "MISDELIVERED",
            "TAKEN_BY_OTHER",
            "LOST",
            "DELAY",
            "DELIVERY_SERVICE",
        ],
    ),
    (_("东西有问题"), ["DAMAGED", "SHORT", "CONTENT_MISMATCH"]),
    (_("取件、驿站"), ["PICKUP_CODE", "PARCEL_NOT_FOUND", "STATION_SERVICE"]),
    (_("人和钱"), ["ATTITUDE", "OVERCHARGE", "CASH_ON_DELIVERY", "ACCEPTANCE", "PRIVACY", "SAFETY"]),
    (_("要办一件事"), ["URGE", "RESCHEDULE", "REDIRECT", "INTERCEPT", "RETURN"]),
    (_("说一句"), ["ENQUIRY", "SUGGESTION", "PRAISE", "OTHER"]),
]

_UNDERWAY = ["DELAY", "URGE", "REDIRECT"]
_NEAR = ["NO_DOOR_DELIVERY", "RESCHEDULE", "DELAY"]
FIRST: dict[str, list[str]] = {
    "CREATED": ["ACCEPTANCE", "URGE", "REDIRECT"],
    "ACCEPTED": _UNDERWAY,
    "IN_TRANSIT": _UNDERWAY,
    "AT_OUTLET": _NEAR,
    "OUT_FOR_DELIVERY": _NEAR,
    "AT_PICKUP_POINT": ["UNCONSENTED_PLACEMENT", "PICKUP_CODE", "PARCEL_NOT_FOUND"],
    "DELIVERED": ["SIGNED_NOT_RECEIVED", "UNCONSENTED_PLACEMENT", "DAMAGED", "SHORT"],
    "DELIVERY_FAILED": ["NO_DOOR_DELIVERY", "RESCHEDULE", "DELAY"],
    "RETURNING": ["ENQUIRY", "DELAY", "DELIVERY_SERVICE"],
    "RETURNED": ["ENQUIRY", "DAMAGED", "DELIVERY_SERVICE"],
    "CANCELLED": ["ENQUIRY", "DELIVERY_SERVICE", "LOST"],
    "LOST": ["LOST", "ENQUIRY", "DELAY"],
    "UNKNOWN": ["DELAY", "LOST", "SIGNED_NOT_RECEIVED"],
}


class Act(NamedTuple):
    """One thing that can be done now; it opens the complaint page with this category chosen."""

    word: Text
    icon: str
    category: str

    @property
    def is_stop(self) -> bool:
        """Whether it has a page of its own, where the parcel is stopped at once."""
        return self.category in ("INTERCEPT", "RETURN")


_ROAD = [
    Act(_("催一催"), "bell", "URGE"),
    Act(_("改地址"), "pin", "REDIRECT"),
    Act(_("拦下来"), "stop", "INTERCEPT"),
    Act(_("问一问"), "chat", "ENQUIRY"),
]
_DOOR = [
    Act(_("改时间"), "calendar", "RESCHEDULE"),
    Act(_("改地址"), "pin", "REDIRECT"),
    Act(_("送上门"), "door", "NO_DOOR_DELIVERY"),
    Act(_("催一催"), "bell", "URGE"),
]
_SHELF = [
    Act(_("取件码"), "ticket", "PICKUP_CODE"),
    Act(_("送上门"), "door", "NO_DOOR_DELIVERY"),
    Act(_("找不到件"), "search", "PARCEL_NOT_FOUND"),
    Act(_("不要了退回"), "back", "RETURN"),
]
_SIGNED = [
    Act(_("没收到"), "alert", "SIGNED_NOT_RECEIVED"),
    Act(_("坏了湿了"), "parcel", "DAMAGED"),
    Act(_("少了东西"), "minus", "SHORT"),
    Act(_("表扬"), "heart", "PRAISE"),
]
_OVER = [Act(_("问一问"), "chat", "ENQUIRY"), Act(_("坏了湿了"), "parcel", "DAMAGED")]
ACTS: dict[str, list[Act]] = {
    "CREATED": _ROAD,
    "ACCEPTED": _ROAD,
    "IN_TRANSIT": _ROAD,
    "AT_OUTLET": _DOOR,
    "OUT_FOR_DELIVERY": _DOOR,
    "DELIVERY_FAILED": _DOOR,
    "AT_PICKUP_POINT": _SHELF,
    "DELIVERED": _SIGNED,
    "RETURNING": _OVER[:1],
    "RETURNED": _OVER,
    "CANCELLED": _OVER[:1],
    "LOST": _OVER[:1],
    "UNKNOWN": [_ROAD[0], _ROAD[3]],
}


# the lines of a case's history, told to the person whose case it is
ENTRY_TITLES: dict[str, Text] = {
    "OPENED": _("收到你说的事"),
    "ROUTED": _("送到负责的人手里"),
    "REPLY": _("给你的回复"),
    "CONSUMER": _("你补充了"),
    "EVIDENCE": _("补充了凭证"),
    "RESOLVED": _("处理办法"),
    "REOPENED": _("已重新打开，接着办"),
    "ESCALATED": _("已请上级来看"),
    "URGED": _("你催了一次"),
    "CORRECTION": _("更正"),
    "WITHDRAWN": _("你撤回了"),
    "CLOSED": _("这件事结束了"),
    "STATUS": _("有一句要你回"),
}


ASKS = {"URGE", "RESCHEDULE", "REDIRECT", "INTERCEPT", "RETURN", "ENQUIRY", "SUGGESTION", "PRAISE"}
"""What is no complaint, and is not called one."""

HINTS: dict[str, Text] = {
    "RESCHEDULE": _("想几号、几点收，写在这里。"),
    "REDIRECT": _("新地址、收件人和电话，写在这里。"),
    "PRAISE": _("想表扬谁，他做了什么。"),
}
HINT = _("时间、地点、谁，说得越细办得越快。")


class Choice(NamedTuple):
    category: str
    said: Text


def first_choices(milestone: str, chosen: str = "") -> list[Choice]:
    """The categories that fit the state of the parcel, and the one that was already chosen."""
    first = FIRST.get(milestone, FIRST["UNKNOWN"])
    listed = first if not chosen or chosen in first or chosen not in SAYINGS else [chosen, *first]
    return [Choice(category, SAYINGS[category]) for category in listed]


def other_choices(shown: list[Choice]) -> list[tuple[Text, list[Choice]]]:
    """All the rest, grouped; nothing is ever barred by the parcel's state."""
    taken = {choice.category for choice in shown}
    grouped = [(name, [Choice(c, SAYINGS[c]) for c in listed if c not in taken]) for name, listed in GROUPS]
    return [(name, choices) for name, choices in grouped if choices]
