"""What a case tells of money: proposed, offered, answered, paid, asked back, arbitrated."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.kinds import Say, Titles

TITLES: Titles = {
    "CLAIM_PROPOSED": gettext_lazy("理赔方案"),
    "CLAIM_APPROVED": gettext_lazy("理赔批准"),
    "CLAIM_OFFERED": gettext_lazy("赔付方案"),
    "CLAIM_ACCEPTED": gettext_lazy("接受赔付"),
    "CLAIM_DISPUTED": gettext_lazy("不接受赔付"),
    "CLAIM_PAID": gettext_lazy("赔付"),
    "CLAIM_PAY_FAILED": gettext_lazy("付款没成功"),
    "CLAIM_DROPPED": gettext_lazy("不再理赔"),
    "RECOVERY_ASKED": gettext_lazy("追偿"),
    "RECOVERY_ENDED": gettext_lazy("追偿结果"),
    "ARBITRATION_FILED": gettext_lazy("提起仲裁"),
    "ARBITRATION_ANSWERED": gettext_lazy("对方举证"),
    "ARBITRATION_DECIDED": gettext_lazy("仲裁裁决"),
    "ARBITRATION_SECOND": gettext_lazy("申请二审"),
    "ARBITRATION_FINAL": gettext_lazy("仲裁终局"),
    "EVIDENCE_PACK": gettext_lazy("举证材料"),
}


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"


def _amount(sentence: Callable[[], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda data: sentence() % {"amount": _yuan(data["amount_fen"])}


def _proposed(data: Mapping[str, Any]) -> str:
    said = _("建议赔 %(amount)s 元") % {"amount": _yuan(data["amount_fen"])}
    if data["amount_fen"] == data["computed_fen"]:
        return said
    return _("%(said)s（规则算出 %(computed)s 元）") % {"said": said, "computed": _yuan(data["computed_fen"])}


def _asked(data: Mapping[str, Any]) -> str:
    return _("向%(who)s追 %(amount)s 元") % {"who": data["who"], "amount": _yuan(data["amount_fen"])}


def _ended(data: Mapping[str, Any]) -> str:
    if not data["amount_fen"]:
        return _("%(who)s：不再追") % {"who": data["who"]}
    return _("%(who)s：追回 %(amount)s 元，应追 %(asked)s 元") % {
        "who": data["who"], "amount": _yuan(data["amount_fen"]), "asked": _yuan(data["asked_fen"]),
    }  # fmt: skip


def _outcome(data: Mapping[str, Any]) -> str:
    words = {"WON": _("支持我们"), "PARTLY": _("部分支持"), "LOST": _("不支持")}
    return _("%(outcome)s，判 %(amount)s 元") % {
        "outcome": words[data["outcome"]], "amount": _yuan(data["amount_fen"]),
    }  # fmt: skip


def _filed(data: Mapping[str, Any]) -> str:
    return _("向%(against)s提起仲裁，要 %(amount)s 元") % {
        "against": data["against"], "amount": _yuan(data["amount_fen"]),
    }  # fmt: skip


SENTENCES: Say = {
    "CLAIM_PROPOSED": _proposed,
    "CLAIM_APPROVED": _amount(lambda: _("批准赔 %(amount)s 元")),
    "CLAIM_OFFERED": _amount(lambda: _("向顾客提出赔 %(amount)s 元，等他答复")),
    "CLAIM_ACCEPTED": _amount(lambda: _("顾客接受赔 %(amount)s 元")),
    "CLAIM_DISPUTED": _amount(lambda: _("顾客不接受赔 %(amount)s 元")),
    "CLAIM_PAID": _amount(lambda: _("已赔付 %(amount)s 元")),
    "CLAIM_PAY_FAILED": lambda data: _("付款没成功，会再付"),
    "CLAIM_DROPPED": lambda data: _("赔付方案收回"),
    "RECOVERY_ASKED": _asked,
    "RECOVERY_ENDED": _ended,
    "ARBITRATION_FILED": _filed,
    "ARBITRATION_ANSWERED": lambda data: _("对方交了举证"),
    "ARBITRATION_DECIDED": _outcome,
    "ARBITRATION_SECOND": lambda data: _("不服裁决，申请二审"),
    "ARBITRATION_FINAL": _outcome,
    "EVIDENCE_PACK": lambda data: _("生成了举证材料（PDF）"),
}

TOLD: Say = {
    "CLAIM_OFFERED": _amount(lambda: _("提出赔你 %(amount)s 元，请看看是否接受")),
    "CLAIM_ACCEPTED": _amount(lambda: _("你接受了 %(amount)s 元的赔付")),
    "CLAIM_DISPUTED": _amount(lambda: _("你没有接受 %(amount)s 元的赔付，会重新考虑")),
    "CLAIM_PAID": _amount(lambda: _("%(amount)s 元已付给你")),
    "CLAIM_PAY_FAILED": lambda data: _("这次付款没有成功，会再付，也可能联系你核对账户"),
    "CLAIM_DROPPED": lambda data: _("这个赔付方案收回了"),
}
