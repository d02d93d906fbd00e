"""Waybill numbers in what was pasted or scanned: a bare number, a whole message, a link, a label's lines."""

import re
import unicodedata
from typing import NamedTuple

LONGEST_TEXT = 6_000
MOST_NUMBERS = 20

_ZERO_WIDTH = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CIRCLED = re.compile(r"[\u2460-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]")
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212\ufe63\uff0d]")
# an address on the web: what stands in it counts only where nothing else is found
_LINK = re.compile(
    r"(?<![A-Z0-9.-])(?:HTTPS?://)?[A-Z0-9-]{1,63}(?:\.[A-Z0-9-]{1,63})+(?::\d+)?/[^\s\u3000-\u9fff\uff00-\uffef]*"
)
# links that carriers print into codes name the number in their query
_NAMED_IN_LINK = re.compile(
    r"[?&#](?:NO|NU|NUM|NUMBER|WAYBILL(?:_?NO)?|WAYBILLCODE|MAILNO|BILLCODE|EXPRESSNO|TRACKING(?:_?NO)?)="
    r"([A-Z0-9]{6,32})(?![A-Z0-9])"
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_CODE_WORDS = (
    "取件码|提货码|取货码|取件号|提取码|验证码|校验码|动态码|开箱码|开柜码|货架号|密码|凭码|货号|口令"
)
_NOT_NUMBERS = (
    # mobile numbers, also in groups, with +86, as a virtual number with its extension; masked ones
    re.compile(
        r"(?<![A-Z0-9])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![- ]?\d)"
        r"(?:\s?(?:转|[-,#])\s?\d{1,6}(?!\d))?"
    ),
    re.compile(r"(?<![A-Z0-9])[A-Z0-9]{0,20}\*+[A-Z0-9*]*"),
    # landlines and service numbers
    re.compile(r"(?<![A-Z0-9])(?:\(?0\d{2,3}\)?[- ]\d{7,8}|[48]00[- ]?\d{3,4}[- ]?\d{3,4})(?![- ]?\d)"),
    # what opens a shelf or a locker, whatever it looks like: 3-2-1045, 470812, AB1234
    re.compile(rf"(?:{_CODE_WORDS})[^A-Z0-9\n]{{0,6}}[A-Z0-9][A-Z0-9-]{{2,14}}"),
    re.compile(r"凭[^A-Z0-9\n]{0,6}[A-Z0-9][A-Z0-9-]{1,9}(?![A-Z0-9-])"),
    re.compile(r"尾号(?:为|是)?[^A-Z0-9\n]{0,3}\d{3,6}(?!\d)"),
    # a shop's order: six digits of the day and fifteen more
    re.compile(r"(?<![A-Z0-9])\d{6}-\d{15}(?!\d)"),
    # moments and amounts
    re.compile(r"(?<!\d)(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"),
    re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)"),
    re.compile(
        r"[¥￥$]\s?\d[\d,]{0,16}(?:\.\d+)?|(?<![A-Z0-9])\d[\d,]{0,16}(?:\.\d+)?\s?(?:元|万|KG|公斤|千克|件|斤)"
    ),
    re.compile(r"(?<![A-Z0-9])\d{1,7}\.\d{1,3}(?![A-Z0-9])"),
)
# one piece of several: the number, which piece, of how many; kept whole, as `normalise_waybill_no` keeps it
_PIECE = re.compile(r"(?<![A-Z0-9])JD[A-Z0-9]{11,15}-\d{1,3}-\d{1,3}-?(?![A-Z0-9])")
_WHOLE = re.compile(
    r"(?<![A-Z0-9-])[A-Z]{0,4}\d[A-Z0-9]{5,27}(?![A-Z0-9-])|(?<![A-Z0-9-])[A-Z]{2,4}[A-Z0-9]{8,28}(?![A-Z0-9-])"
)
_GROUPED = re.compile(r"(?<![A-Z0-9-])[A-Z]{0,4}[ -]?\d{2,6}(?:[ -]\d{2,6}){0,7}(?:[ -]\d{1,6})(?![A-Z0-9-])")
_FEWEST_DIGITS, _FEWEST_JOINED, _MOST_JOINED = 6, 10, 20

_SHAPES = re.compile(
    r"SF[A-Z0-9]\d{11,13}|YT[A-Z0-9]?\d{12,15}|JD[A-Z0-9]{2}\d{11}|JD\d{11,15}|JT\d{13}|JTE?\d{12,15}|ZT[O]?\d{10,14}"
    r"|STO?\d{10,14}|YD\d{12,15}|DPK?\d{10,14}|KYE?\d{10,14}|LP\d{14}|CN[A-Z]{0,2}\d{9,14}|[A-Z]{2}\d{9}[A-Z]{2}"
    r"|BEST\d{9,14}|HTKY\d{9,14}|XA\d{10,14}|TT\d{10,15}|UC\d{10,14}"
)
_SAYS_WAYBILL = re.compile(r"(?:运单|快递|包裹|物流|邮件|面单|单号|快件|运单编?号码?)[^A-Z0-9\n]{0,8}$")
_SAYS_OTHER = re.compile(
    r"(?:订单|交易|流水|支付|商户|会员|身份证|银行卡|卡号|发票|税号|工号|QQ|微信|群|编号)[^A-Z0-9\n]{0,8}$"
)
_CONTEXT = 14


class _Found(NamedTuple):
    place: int
    number: str
    score: int


def numbers_in(text: str, most: int = MOST_NUMBERS) -> list[str]:
    """The waybill numbers in a text, the likeliest first, each once, at most `most`.

    Full-width signs, case, spaces and hyphens inside a number and Chinese glued to it do not matter.
    Telephone numbers, pickup codes, order numbers, days, times and amounts are left out where they can be
    told; a bare mobile or order number is given back only where there is nothing else. The shapes of carriers
    rank and never refuse: a real number may fail every published pattern.
    """
    folded = _fold(text[:LONGEST_TEXT])
    links = _LINK.findall(folded)
    body = _LINK.sub(" ; ", folded)
    found = [*_named(links), *_in_body(_without_others(body))]
    if not found:
        found = [each for link in links for each in _in_body(link, is_link=True)]
    if not found:
        found = [_Found(0, number, 0) for number in _MOBILE.findall(re.sub(r"(?<=\d)[ -](?=\d)", "", body))]
    best = max((each.score for each in found), default=0)
    likely = [each for each in found if each.score > 0 or best <= 0]
    ranked = sorted(likely, key=lambda each: (-each.score, each.place))
    return list(dict.fromkeys(each.number for each in ranked))[:most]


def is_mobile(number: str) -> bool:
    """Whether it looks like a mobile number of the mainland; a waybill hardly ever does."""
    return _MOBILE.fullmatch(number) is not None


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _CIRCLED.sub(" ", _ZERO_WIDTH.sub("", text))).upper()
    return _PIECE.sub(lambda piece: piece[0].replace("-", ""), _HYPHENS.sub("-", plain))


def _without_others(body: str) -> str:
    for pattern in _NOT_NUMBERS:
        body = pattern.sub(" ; ", body)
    return body


def _named(links: list[str]) -> list[_Found]:
    named = [number for link in links for number in _NAMED_IN_LINK.findall(link)]
    return [_Found(place, number, 3) for place, number in enumerate(named)]


def _in_body(body: str, *, is_link: bool = False) -> list[_Found]:
    found: list[_Found] = []
    taken = body
    if not is_link:
        for match in _GROUPED.finditer(body):
            joined = re.sub(r"[ -]", "", match[0])
            if _FEWEST_JOINED <= len(joined) <= _MOST_JOINED:
                found.append(_scored(body, match.start(), joined))
                taken = taken[: match.start()] + ";" * len(match[0]) + taken[match.end() :]
    for match in _WHOLE.finditer(taken):
        if sum(sign.isdigit() for sign in match[0]) >= _FEWEST_DIGITS:
            found.append(_scored(body, match.start(), match[0]))
    return found


def _scored(body: str, place: int, number: str) -> _Found:
    """3 for a carrier's own shape, 2 for 12–15 digits, 1 for what else is long enough, and what is said
    before it."""
    before = body[max(0, place - _CONTEXT) : place]
    size = len(number)
    if _SHAPES.fullmatch(number):
        score = 3
    elif number.isdigit() and 12 <= size <= 15:
        score = 2
    else:
        score = 1 if 10 <= size <= 20 else 0
    if _SAYS_OTHER.search(before):
        score -= 4
    elif _SAYS_WAYBILL.search(before):
        score += 2 if size >= 8 else 1
    return _Found(place, number, score)
