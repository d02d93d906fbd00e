"""Amounts of money as people write them, in fen: 50元, 三百多块, 一百二, 3块5, 1.5万. Pure."""

import re
from dataclasses import dataclass
from fractions import Fraction

from yishi.assistant.rules.numerals import number_of


@dataclass(frozen=True)
class Amount:
    """`is_about`: 三百多块, 大概200; then `fen` is the least that is said."""

    fen: int
    is_about: bool
    span: tuple[int, int]


_SPELLED = r"[零一二两三四五六七八九十百千万]+"
_DIGITS = r"\d[\d,]{0,12}(?:\.\d{1,2})?"
_MONEY = re.compile(
    rf"(?P<about>大概|大约|约|差不多|将近|快|至少|最少|起码|近|上)?\s?[¥$]?\s?(?P<n>{_DIGITS}\s?[万千kw]?"
    rf"|{_SPELLED}|十几|几十|几百|好几百|几千|几)"
    rf"(?P<more>多|来|几|余)?(?P<unit>块钱?|元|圆|毛钱?|角|分钱|(?:多)?万(?:块"
    rf"|元))(?P<tail>[一二三四五六七八九\d](?!\d|[个件天点号斤月]))?"
    rf"|¥\s?(?P<sign>{_DIGITS})"
)
# 赔我一百二, 价值500, 要200: a number without its unit, where the word before is about money
_SAID = re.compile(
    rf"(?:赔偿?|赔我?|赔付|价值|值|花了?|付了?|收了?我?|扣了?我?|罚款?|运费|退我?|补偿|补我?|卖|保价|货款"
    rf"|金额(?:是|为)?|要我)(?:了|我|是|:|\s)?(?P<about>大概|大约|差不多)?"
    rf"\s?(?P<n>{_DIGITS}|[一二两三四五六七八九十百千万零]{{2,}})(?P<more>多|来"
    rf"|左右)?(?![\d个件天次年月号点公斤kg小时分元块单号遍里米毛下:%-])"
)
_FEW = {"十几": 10, "几十": 20, "几百": 200, "好几百": 300, "几千": 2_000, "几": 3}
MOST_FEN = 10**10


def amounts_in(plain: str) -> list[Amount]:
    """The amounts in a folded text, in order; those above MOST_FEN are no amounts."""
    found = []
    for each in _MONEY.finditer(plain):
        if each["sign"]:
            found.append(_amount(each["sign"], "元", None, False, each.span()))
        else:
            about = bool(each["about"] or each["more"] or each["n"] in _FEW)
            found.append(_amount(each["n"], each["unit"], each["tail"], about, each.span()))
    taken = [amount.span for amount in found if amount]
    for each in _SAID.finditer(plain):
        if not any(begin < each.end() and each.start() < end for begin, end in taken):
            found.append(_amount(each["n"], "元", None, bool(each["about"] or each["more"]), each.span("n")))
    return sorted((amount for amount in found if amount), key=lambda amount: amount.span)


def _amount(said: str, unit: str, tail: str | None, about: bool, span: tuple[int, int]) -> Amount | None:
    number = Fraction(_FEW[said]) if said in _FEW else number_of(said.replace(" ", ""))
    if number is None or number <= 0:
        return None
    worth = 10 if unit[0] in "毛角" else 1 if unit[0] == "分" else 1_000_000 if "万" in unit else 100
    fen = number * worth
    if tail and worth == 100:
        fen += (number_of(tail) or 0) * 10
    return Amount(int(fen), about, span) if fen <= MOST_FEN else None
