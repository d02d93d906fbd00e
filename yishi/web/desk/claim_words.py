"""The words of money on the desk's and the operator's pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.web.shared.words import Sign

Text = str | Promise

CLAIM_STATES: dict[str, Sign] = {
    "PROPOSED": Sign(_("待审批"), "clock", "is-warn"),
    "APPROVED": Sign(_("已批准，待告诉顾客"), "check", "is-brand"),
    "OFFERED": Sign(_("等顾客答复"), "chat", "is-warn"),
    "ACCEPTED": Sign(_("顾客接受，待付款"), "clock", "is-warn"),
    "DISPUTED": Sign(_("顾客不接受"), "alert", "is-bad"),
    "PAY_FAILED": Sign(_("付款没成功"), "alert", "is-bad"),
    "PAID": Sign(_("已赔付"), "ok", "is-good"),
    "DROPPED": Sign(_("不再理赔"), "x", "is-idle"),
}

LOSSES: dict[str, Text] = {
    "LOST": _("丢失"),
    "SHORT": _("内件短少"),
    "MISMATCH": _("内件不符"),
    "DAMAGED": _("破损"),
    "DELAY": _("延误"),
    "MISDELIVERED": _("送错、错拿"),
    "OVERCHARGE": _("多收费用"),
    "OTHER": _("其他损失"),
}

PARTS: dict[str, Text] = {"GOODS": _("货值"), "FREIGHT": _("运费"), "EXTRA": _("另外补偿")}
PAYS: dict[str, Text] = {
    "DECLARED": _("按保价金额"),
    "GOODS": _("按货物实际价值"),
    "FREIGHT": _("按运费"),
    "FIXED": _("固定金额"),
}
COVERS: dict[str, Text] = {"ANY": _("保不保价都算"), "INSURED": _("保价的"), "UNINSURED": _("没保价的")}
DEBTORS: dict[str, Text] = {"CARRIER": _("快递公司"), "OUTLET": _("网点"), "COURIER": _("快递员")}
OUTCOMES: dict[str, Text] = {"WON": _("支持（全额）"), "PARTLY": _("部分支持"), "LOST": _("不支持")}
ORIGINS: dict[str, Text] = {
    "HQ": _("总部"),
    "PLATFORM": _("平台"),
    "REGULATOR": _("邮政管理部门"),
    "OTHER": _("其他"),
}
RESULTS: dict[str, Text] = {"REVOKED": _("撤销"), "REDUCED": _("减免"), "UPHELD": _("维持")}
WHY_NOT: dict[str, Text] = {
    "TOO_HIGH": _("超过你能批的额度"),
    "OWN": _("这个金额不能自己提自己批"),
}
# what can be done after a ruling of the first instance
AFTER_RULING: tuple[tuple[str, Text], ...] = (("second", _("不服，申请二审…")), ("end", _("到此为止…")))
