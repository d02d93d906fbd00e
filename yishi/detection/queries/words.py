"""Incidents in words: what is the matter, whose fault it seems, and what speaks for it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yishi.kit.phrases import joined

KINDS: Mapping[str, object] = {
    "STALLED": gettext_lazy("轨迹停滞"),
    "LATE": gettext_lazy("超承诺时效"),
    "ARRIVED_NOT_OUT": gettext_lazy("有到未派"),
    "OUT_NOT_SIGNED": gettext_lazy("有派未签"),
    "SENT_NOT_ARRIVED": gettext_lazy("有发未到"),
    "HELD_AT_OUTLET": gettext_lazy("留仓"),
    "SUSPECTED_FALSE_SIGN_OFF": gettext_lazy("疑似虚假签收"),
    "UNCONSENTED_PLACEMENT": gettext_lazy("疑似违愿投柜/站"),
    "FAILED_TWICE": gettext_lazy("两次派送不成功"),
    "DAMAGED": gettext_lazy("破损"),
    "MISROUTED": gettext_lazy("错分"),
    "BOUNCING": gettext_lazy("往返中转"),
    "RETURN_LOOP": gettext_lazy("反复退回"),
    "REFUSED_OUT": gettext_lazy("拒收后仍派"),
    "INTERCEPT_MISSED": gettext_lazy("拦截未拦"),
    "PICKUP_OVERDUE": gettext_lazy("滞留未取"),
    "NO_FIRST_EVENT": gettext_lazy("有单无件"),
    "MOVED_AFTER_DELIVERY": gettext_lazy("签收后再流转"),
    "STORM": gettext_lazy("恶劣天气"),
    "ROAD_CLOSED": gettext_lazy("道路中断"),
    "HUB_STOPPED": gettext_lazy("转运中心停运"),
}
PARTIES: Mapping[str, object] = {
    "CARRIER": gettext_lazy("运输环节"),
    "OUTLET": gettext_lazy("网点"),
    "COURIER": gettext_lazy("快递员"),
    "SHIPPER": gettext_lazy("寄件方"),
    "CONSIGNEE": gettext_lazy("收件人"),
}
SIGNS: Mapping[str, object] = {
    "no_contact": gettext_lazy("签收前没有联系记录"),
    "no_consent": gettext_lazy("代签没有同意记录"),
    "far": gettext_lazy("签收位置离他平时收件的地方远"),
    "night": gettext_lazy("夜里签收"),
    "batch": gettext_lazy("一分钟里成批签收，平时不这样"),
    "complaints": gettext_lazy("这位快递员近 30 天被投诉过几次"),
}
_PLAIN: Mapping[str, object] = {
    "promise_passed": gettext_lazy("承诺的时间过了，还没送到"),
    "kept_uncalled": gettext_lazy("留仓三天了，联系次数不够"),
    "unreachable": gettext_lazy("留仓三天，联系过了，人没联系上，要问寄件人怎么办"),
    "refused_but_out": gettext_lazy("收件人拒收了，又送出去派"),
    "scanned_damaged": gettext_lazy("扫描记了破损"),
    "missorted": gettext_lazy("分错了，还没到它该去的网点"),
    "out_elsewhere": gettext_lazy("在别的网点派，不是它的目的网点"),
    "against_wish": gettext_lazy("收件人说过不要放这里"),
    "refused_consent": gettext_lazy("记录里写着没有同意"),
    "no_word": gettext_lazy("放之前没有联系过收件人"),
    "moved_after_signing": gettext_lazy("签收以后又有走件扫描"),
    "passed_a_stop": gettext_lazy("要拦的件又被扫描放行了"),
    "declared": gettext_lazy("有人宣布了大范围延误，收件人统一通知"),
    "many_alike": gettext_lazy("一小时里同一个地方很多件都这样"),
}


def kind_words(kind: str) -> str:
    return str(KINDS[kind])


def fault_words(party: str, certainty: str) -> str:
    """责任方（疑似、已定）."""
    known = _("已定") if certainty == "KNOWN" else _("疑似")
    return _("%(party)s（%(known)s）") % {"party": PARTIES[party], "known": known}


def reason_words(reason: str, values: Mapping[str, Any]) -> str:
    """Why we think so, in a sentence."""
    if reason == "signs":
        return joined((str(SIGNS[sign]) for sign in str(values["signs"]).split()), "；")
    if reason in _PLAIN:
        return str(_PLAIN[reason])
    number = int(values.get("hours", values.get("times", 0)))
    said = {
        "never_picked_up": ngettext("下单 %d 小时没有揽收", "下单 %d 小时没有揽收", number),
        "no_scan": ngettext("%d 小时没有新扫描", "%d 小时没有新扫描", number),
        "left_not_arrived": ngettext("发出 %d 小时没到下一站", "发出 %d 小时没到下一站", number),
        "arrived_not_out": ngettext("到网点 %d 小时没出仓派送", "到网点 %d 小时没出仓派送", number),
        "out_not_signed": ngettext("出仓 %d 小时没签收也没退回", "出仓 %d 小时没签收也没退回", number),
        "locker_not_emptied": ngettext("在快递柜放了 %d 小时", "在快递柜放了 %d 小时", number),
        "not_picked_up": ngettext("到了 %d 小时没人取", "到了 %d 小时没人取", number),
        "tried_in_vain": ngettext("送了 %d 次都没送成", "送了 %d 次都没送成", number),
        "not_called": ngettext("留仓期间只联系过 %d 次", "留仓期间只联系过 %d 次", number),
        "to_and_fro": ngettext("走回头路 %d 次", "走回头路 %d 次", number),
        "returned_again": ngettext("退回了 %d 次", "退回了 %d 次", number),
    }
    return said[reason] % number
