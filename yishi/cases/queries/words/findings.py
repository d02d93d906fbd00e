"""Who answers for what was found, where the root lies, and by what cases belong together, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.cases.rules.causes import CauseBy

Text = str | Promise

PARTIES: Mapping[str, Text] = {
    "OUTLET": _("网点"),
    "COURIER": _("快递员"),
    "STATION": _("驿站、快递柜"),
    "CARRIER": _("快递公司、转运中心"),
    "MERCHANT": _("寄件人、商家"),
    "CONSUMER": _("收件人自己"),
    "OTHER": _("别的一方"),
    "NOBODY": _("谁都没有责任"),
}

CAUSES: Mapping[str, Text] = {
    "PACKAGING": _("包装不够"),
    "ROUGH_HANDLING": _("野蛮装卸"),
    "CRUSHED": _("中转挤压"),
    "WET": _("淋雨受潮"),
    "GOODS_FRAGILE": _("易碎品没有标明"),
    "PARCEL_OPEN": _("外包装裂开"),
    "NOT_PACKED": _("寄出时就少了"),
    "MISSORTED": _("错分"),
    "FELL_OFF": _("途中掉落"),
    "LABEL_LOST": _("面单脱落"),
    "WRONG_DOOR": _("送错门"),
    "LEFT_UNGUARDED": _("放门口没人看管"),
    "TAKEN_BY_OTHER": _("被别人错拿、冒领"),
    "STOLEN": _("被盗"),
    "STATION_SHELF": _("驿站上错货架"),
    "VEHICLE_ACCIDENT": _("车辆事故"),
    "NOT_TRACEABLE": _("查不出来"),
}

CAUSE_BY: Mapping[str, Text] = {
    CauseBy.ROOT_CAUSE: _("同一网点、同一根因"),
    CauseBy.COURIER: _("同一快递员、同类诉求"),
    CauseBy.OUTLET: _("同一网点、同类诉求"),
}


def cause_word(cause: str) -> str:
    """The cause in the reader's language; a free word as it was written."""
    return str(CAUSES.get(cause, cause))
