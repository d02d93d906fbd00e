"""Telephone numbers in a text: mobile, landline, both with an extension (隐私号 转 1234). Pure."""

import re
from dataclasses import dataclass

_EXTENSION = r"(?:\s?(?:转(?:分机)?|分机(?:号)?|[-#,]|ext\.?)\s?(?P<{}>\d{{1,6}})(?![\d-]))?"
_PHONE = re.compile(
    r"(?<![a-z0-9.])(?:\+?86[- ]?|0086[- ]?)?(?P<mobile>1[3-9]\d(?:[- ]?\d{4}){2}"
    r"|1[3-9]\d[- ]\d{3}[- ]\d{5})(?!\d)"
    + _EXTENSION.format("mobile_ext")
    + r"|(?<![a-z0-9.-])(?P<land>\(?0(?:10|2\d|[3-9]\d{2})\)?[- ]?\d{7,8})(?!\d)"
    + _EXTENSION.format("land_ext")
    + r"|(?<![a-z0-9.-])(?P<service>[48]00[- ]?\d{3,4}[- ]?\d{3,4})(?!\d)"
)
# 单号13…: eleven digits that are said to be a waybill, an order or a code are no telephone
_SAYS_OTHER = re.compile(r"(?:单号|运单|快递号|物流号|订单号?|编号|取件码|卡号)\s?(?:是|为|:)?\s?$")


@dataclass(frozen=True)
class Phone:
    """`number` has digits only; `is_service` for 400 and 800, which are nobody's."""

    number: str
    extension: str
    span: tuple[int, int]
    is_service: bool = False


def phones_in(plain: str) -> list[Phone]:
    """The telephone numbers of a folded text, in order."""
    found = []
    for each in _PHONE.finditer(plain):
        if each["mobile"] and _SAYS_OTHER.search(plain[max(0, each.start() - 8) : each.start()]):
            continue
        said = each["mobile"] or each["land"] or each["service"]
        extension = each["mobile_ext"] or each["land_ext"] or ""
        found.append(Phone(re.sub(r"\D", "", said), extension, each.span(), bool(each["service"])))
    return found
