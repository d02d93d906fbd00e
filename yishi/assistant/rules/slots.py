"""What a message names: numbers, codes, money, goods, an address, places, persons; each with its place. Pure.

Waybill numbers are found as everywhere else (`shipments.rules.numbers`). What is personal says so: whoever
writes it into a log, a prompt or a page for strangers puts `masked` between.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from yishi.assistant.rules.addresses import address_in, pasted_in
from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.goods import goods_in
from yishi.assistant.rules.money import amounts_in
from yishi.assistant.rules.phones import phones_in
from yishi.assistant.rules.places import places_in
from yishi.shipments.rules.numbers import is_mobile, numbers_in
from yishi.shipments.rules.persons import NAME, SURNAME
from yishi.shipments.rules.recognition import LIKELY, rank_carriers

LONGEST_TEXT = 2_000


class Kind(StrEnum):
    WAYBILL = "WAYBILL"
    PHONE = "PHONE"
    PHONE_TAIL = "PHONE_TAIL"
    PICKUP_CODE = "PICKUP_CODE"
    ORDER = "ORDER"
    AMOUNT = "AMOUNT"  # value in fen
    GOODS = "GOODS"
    ADDRESS = "ADDRESS"
    PLACE = "PLACE"  # `places.py`; `NO_` before it where it is refused
    PERSON = "PERSON"


PERSONAL = frozenset({Kind.PHONE, Kind.PHONE_TAIL, Kind.PICKUP_CODE, Kind.ADDRESS, Kind.PERSON})
_MASKS = {
    Kind.PHONE: "[电话]",
    Kind.PHONE_TAIL: "[尾号]",
    Kind.PICKUP_CODE: "[取件码]",
    Kind.ADDRESS: "[地址]",
    Kind.PERSON: "[姓名]",
}


@dataclass(frozen=True)
class Slot:
    """`value` in one form (a phone's digits, fen), `text` as written at `span`, `certainty` 0–1."""

    kind: Kind
    value: str
    text: str
    span: tuple[int, int]
    certainty: float
    extension: str = ""

    @property
    def is_personal(self) -> bool:
        return self.kind in PERSONAL


_CODE_WORDS = (
    r"取件码|提货码|取货码|取件号|提取码|开箱码|开柜码|取件密码|自提码|凭码|货架号|货号|取件马|提货号"
    r"|验证码|码"
)
_CODE = (
    r"(?P<{}>[a-z]{{0,2}}\d{{1,4}}(?:-[a-z]?\d{{1,5}}){{1,3}}|[a-z]{{1,2}}-?\d{{3,6}}|\d{{4,8}})"
    r"(?![\da-z-])"
)
_SAID_CODE = re.compile(
    rf"(?:{_CODE_WORDS})[^a-z0-9\n]{{0,5}}{_CODE.format('code')}"
    rf"|凭\s?(?:取件码)?[^a-z0-9\n]{{0,3}}{_CODE.format('by')}"
)
_SHAPED_CODE = re.compile(
    r"(?<![\da-z.:/-])(?:\d{1,2}-\d{1,2}-\d{2,5}|[a-z]\d{0,2}-\d{1,5}(?:-\d{1,5})?|\d{1,2}-\d{4,5}"
    r"|[a-z]\d{4,6})(?![\da-z-])"
)
_BARE_CODE = re.compile(r"(?<![\da-z.:/-])(?:\d{8}|\d{6})(?![\da-z-])")
_ABOUT_CODES = re.compile(r"取件|丰巢|柜|驿站|货架|开箱|取货|格口")
_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_ORDER = re.compile(
    r"(?:订单|交易|流水|单据|支付)(?:编号|号码?)?(?:是"
    r"|为)?[^a-z0-9\n]{0,4}(?P<said>[a-z0-9]{1,8}-?[a-z0-9-]{6,28})(?![a-z0-9])"
    r"|(?<![a-z0-9-])(?P<shop>\d{6}-\d{15})(?!\d)|(?<![a-z0-9-])(?P<long>\d{18,19})(?![a-z0-9])"
)
_TAIL = re.compile(r"(?:尾号|尾数|后四位|后4位|末四位)(?:是|为|:)?\s?(?P<tail>\d{4})(?!\d)")
_NO_PERSON = frozenset(["辛苦", "辛苦了", "黄牛", "谢谢", "高兴", "不动", "许多", "马上", "应该", "任何"])
_SURNAME = re.compile(rf"(?:我|本人|免贵)姓(?P<name>{SURNAME})")
_NAMED = re.compile(
    rf"(?:我(?:的名字)?叫|我是(?=[\u4e00-\u9fff]{{2,3}}(?:[,.!;\s]|$))|名字(?:是|叫|:)|姓名(?:是|:)?"
    rf"|收[件货]人(?:是|:|姓名|改成|换成)?|寄件人(?:是|:)?|联系人(?:是|:)?"
    rf"|快递员(?=[\u4e00-\u9fff]{{2,3}}(?:的|态度|$)))\s?"
    rf"(?P<name>{NAME})(?=[,.!;\s的\d]|$|收|态度)"
)
_TITLED = re.compile(
    rf"(?P<name>{SURNAME}(?:[\u4e00-\u9fff]{{1,2}})?)(?=先生|女士|小姐|师傅|阿姨|老师"
    rf"|经理|站长)"
)
_NO_TITLED = re.compile(r"(?:快递|派件|送货|尊敬的|亲爱的)$")


def slots_in(text: str) -> list[Slot]:
    """The slots of a message, in the order in which they stand; of two at one place the surer stays."""
    text = text[:LONGEST_TEXT]
    plain = folded(text)
    found: list[Slot] = []
    has_digit = any(sign.isdecimal() for sign in plain)
    if has_digit:
        found += _phones(text, plain)
        found += _orders(text, plain)
        found += _codes(text, plain)
        found += _waybills(text, plain, found)
        found += _bare_codes(text, plain)
    found += _address(text, plain)
    found += [
        _slot(Kind.AMOUNT, str(a.fen), text, a.span, 0.6 if a.is_about else 0.95) for a in amounts_in(plain)
    ]
    found += [
        _slot(Kind.PLACE, f"NO_{wish.place}" if wish.is_refused else wish.place, text, wish.span, 0.85)
        for wish in places_in(plain)
    ]
    found += [_slot(Kind.GOODS, word, text, span, sure) for word, span, sure in goods_in(plain)]
    found += _persons(text, plain)
    return _apart(found)


def masked(text: str, slots: list[Slot]) -> str:
    """The text with what is personal in it replaced by what it was: [电话], [姓名]."""
    for slot in sorted((slot for slot in slots if slot.is_personal), key=lambda slot: -slot.span[0]):
        text = text[: slot.span[0]] + _MASKS[slot.kind] + text[slot.span[1] :]
    return text


def _slot(
    kind: Kind, value: str, text: str, span: tuple[int, int], certainty: float, extension: str = ""
) -> Slot:
    return Slot(kind, value, text[span[0] : span[1]], span, certainty, extension)


_FIRST = {kind: place for place, kind in enumerate((
    Kind.PHONE, Kind.ORDER, Kind.WAYBILL, Kind.PICKUP_CODE, Kind.PHONE_TAIL, Kind.AMOUNT, Kind.PERSON,
    Kind.ADDRESS, Kind.PLACE, Kind.GOODS,
))}  # fmt: skip


def _apart(found: list[Slot]) -> list[Slot]:
    kept: list[Slot] = []
    for slot in sorted(found, key=lambda slot: (-round(slot.certainty, 1), _FIRST[slot.kind])):
        if not any(slot.span[0] < other.span[1] and other.span[0] < slot.span[1] for other in kept):
            kept.append(slot)
    return sorted(kept, key=lambda slot: slot.span)


def _phones(text: str, plain: str) -> list[Slot]:
    found = [
        _slot(Kind.PHONE, phone.number, text, phone.span, 0.95, phone.extension)
        for phone in phones_in(plain)
        if not phone.is_service
    ]
    return found + [
        _slot(Kind.PHONE_TAIL, tail["tail"], text, tail.span("tail"), 0.9) for tail in _TAIL.finditer(plain)
    ]


def _orders(text: str, plain: str) -> list[Slot]:
    found = []
    for each in _ORDER.finditer(plain):
        name = each.lastgroup or ""
        said = each[name]
        if sum(sign.isdigit() for sign in said) >= 6:
            found.append(
                _slot(Kind.ORDER, said.upper(), text, each.span(name), 0.95 if name == "said" else 0.8)
            )
    return found


def _codes(text: str, plain: str) -> list[Slot]:
    found = []
    for each in _SAID_CODE.finditer(plain):
        name = "code" if each["code"] else "by"
        found.append(_slot(Kind.PICKUP_CODE, each[name].upper(), text, each.span(name), 0.95))
    for shape in _SHAPED_CODE.finditer(plain):
        sure = 0.85 if _ABOUT_CODES.search(plain) else 0.6
        found.append(_slot(Kind.PICKUP_CODE, shape[0].upper(), text, shape.span(), sure))
    return found


def _bare_codes(text: str, plain: str) -> list[Slot]:
    """Six or eight digits alone open something only where that is the talk, or where nothing else is said."""
    if not (_ABOUT_CODES.search(plain) or plain.strip().isdecimal()):
        return []
    return [
        _slot(Kind.PICKUP_CODE, each[0], text, each.span(), 0.5)
        for each in _BARE_CODE.finditer(plain)
        if not _DATE.fullmatch(each[0])
    ]


def _waybills(text: str, plain: str, taken: list[Slot]) -> list[Slot]:
    found = []
    for number in numbers_in(text):
        place = re.search(r"[\s-]*".join(map(re.escape, number.lower())), plain)
        if place is None or (is_mobile(number) and any(slot.kind is Kind.PHONE for slot in taken)):
            continue
        if any(
            slot.span[0] < place.end() and place.start() < slot.span[1]
            for slot in taken
            if slot.certainty > 0.7
        ):
            continue
        if len(number) < 8 or _DATE.fullmatch(number):
            continue
        candidates = rank_carriers(number)
        known = bool(candidates) and candidates[0].score >= LIKELY
        sure = 0.95 if known else 0.7 if len(number) >= 10 else 0.4
        found.append(_slot(Kind.WAYBILL, number, text, place.span(), sure))
    return found


def _address(text: str, plain: str) -> list[Slot]:
    """The address of a pasted block, and the name in it, at their places where they stand in one piece."""
    pasted = pasted_in(text)
    between = r"[\s,;/|:]*(?:详细地址|地址)?[\s,;/|:]*"
    place = re.search(between.join(map(re.escape, pasted.address)), plain) if pasted else None
    found: list[Slot] = []
    if pasted and place:
        sure = max(0.5, pasted.certainty)
        found.append(_slot(Kind.ADDRESS, pasted.address, text, place.span(), sure))
        if pasted.name and (at := plain.find(pasted.name)) >= 0:
            found.append(_slot(Kind.PERSON, pasted.name, text, (at, at + len(pasted.name)), 0.9))
    elif inside := address_in(plain):
        found.append(_slot(Kind.ADDRESS, inside[0], text, inside[1], 0.7))
    return found


def _persons(text: str, plain: str) -> list[Slot]:
    found = [
        _slot(Kind.PERSON, each["name"], text, each.span("name"), 0.85) for each in _NAMED.finditer(plain)
    ]
    found += [
        _slot(Kind.PERSON, each["name"], text, each.span("name"), 0.8) for each in _SURNAME.finditer(plain)
    ]
    for each in _TITLED.finditer(plain):
        if not _NO_TITLED.search(plain[max(0, each.start() - 3) : each.start()]):
            found.append(_slot(Kind.PERSON, each["name"], text, each.span("name"), 0.8))
    return [slot for slot in found if slot.value not in _NO_PERSON]
