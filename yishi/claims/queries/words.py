"""Every line of a proposal in words, with what it stands on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yishi.claims.queries.policy import Cited
from yishi.claims.rules.money import yuan
from yishi.kit.phrases import joined

Values = Mapping[str, int | str]


@dataclass(frozen=True)
class Reason:
    """A line as a person reads it; `basis` is the operator's rule, `cited` the law beside it."""

    text: str
    amount_fen: int
    basis: str = ""
    cited: Cited | None = None


def _of(values: Values, what: str) -> str:
    parts = [_("%(what)s %(amount)s 元") % {"what": what, "amount": yuan(int(values["of_fen"]))}]
    if int(values.get("lost", 100)) != 100:
        parts.append(_("损失 %(percent)s%%") % {"percent": values["lost"]})
    if int(values.get("percent", 100)) != 100:
        parts.append(_("按 %(percent)s%% 赔") % {"percent": values["percent"]})
    return " × ".join(parts)


def _worth_less(values: Values) -> str:
    declared = yuan(int(values["declared_fen"]))
    return _("%(of)s（保价 %(declared)s 元，货物实际值得少，按实际）") % {
        "of": _of(values, _("有凭证的货值")), "declared": declared,
    }  # fmt: skip


def _unproven(values: Values) -> str:
    most = int(values["most_fen"])
    why = (
        _("没有价值凭证，最多赔 %(most)s 元") % {"most": yuan(most)}
        if most
        else _("没有价值凭证，先请顾客补购买记录")
    )
    return joined((_of(values, _("自报货值")), why), "，")


_SAY: Mapping[str, Callable[[Values], str]] = {
    "DECLARED": lambda values: _of(values, _("保价金额")),
    "DECLARED_WORTH_LESS": _worth_less,
    "GOODS_PROVEN": lambda values: _of(values, _("有凭证的货值")),
    "GOODS_UNPROVEN": _unproven,
    "FREIGHT": lambda values: _of(values, _("运费")),
    "FIXED": lambda values: _("按规则固定金额"),
    "NO_DECLARED": lambda values: _("说是保价，但不知道保了多少"),
    "NO_VALUE": lambda values: _("还不知道货物值多少"),
    "NO_FREIGHT": lambda values: _("还不知道运费多少"),
    "NO_RULE": lambda values: _("赔付规则里没有说到这种损失，金额由人定，写明理由"),
    "NOT_LATE_ENOUGH": lambda values: _("比承诺晚 %(hours)s 小时，没有到规则要赔的程度") % values,
}


def reason_of(
    code: str, amount_fen: int, values: Values, *, basis: str = "", cited: Cited | None = None
) -> Reason:
    text = _SAY[code](values)
    if "cap_fen" in values:
        text = _("%(text)s，封顶 %(cap)s 元") % {"text": text, "cap": yuan(int(values["cap_fen"]))}
    return Reason(text, amount_fen, basis, cited)
