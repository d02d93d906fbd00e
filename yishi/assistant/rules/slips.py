"""The text of a written slip, as a reader of photos gives it line by line: sender and receiver. Pure.

What is read badly stays as it was read: a telephone of ten or twelve digits is shown with its mark, never
mended by guessing.
"""

import re
from dataclasses import dataclass

from yishi.assistant.rules.addresses import pasted_in
from yishi.assistant.rules.folding import folded

_FROM = re.compile(r"(?:^|\n)[\s【\[(]*(?:寄件|寄方|发件|寄出|寄\s*[:：]|寄(?=\s))")
_TO = re.compile(r"(?:^|\n)[\s【\[(]*(?:收件|收货|收方|收\s*[:：]|收(?=\s))")
_GOODS = re.compile(
    r"(?:物品名称|物品信息|物品|内件品?名?|品名|托寄物|寄什么|货物)\s?[:：]?\s?(?P<goods>[^\n:：]{1,60})"
)
_VALUE = re.compile(r"(?:声明价值|保价金额|保价|价值)\s?[:：]?\s?[¥￥]?\s?(?P<yuan>\d{1,7}(?:\.\d{1,2})?)")
_NUMBER = re.compile(r"(?:运单号|单号|运单)\s?[:：]?\s?(?P<no>[A-Za-z]{0,4}\d{8,18})")
# anything that wants to be a telephone: nine to fourteen signs, some of them read as letters
_PHONE = re.compile(r"(?<![\dA-Za-z])1[3-9]?[\dOoIl|](?:[ -]?[\dOoIl|]){6,11}(?![\dA-Za-z])")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{6,9}(?!\d)")
_NAME = re.compile(
    r"(?:姓\s?名|联系人|寄件人|收件人|收货人|发件人)\s?[:：]?\s?(?P<name>[\u4e00-\u9fff·]{1,8})"
)
_ADDRESS = re.compile(
    r"(?:详细地址|(?:收|寄)[件货]地址|地\s?址)\s?[:：]?\s?(?P<address>[^\n]+(?:\n(?![^\n]*[:：])[^\n]+)?)"
)
_NO_NAME = ("信息", "姓名", "电话", "地址", "手机", "资料")


@dataclass(frozen=True)
class SlipParty:
    """A person as the slip has him; '' for what was not read."""

    name: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Slip:
    """A whole slip."""

    sender: SlipParty
    receiver: SlipParty
    goods: str = ""
    declared_value: str = ""
    waybill_no: str = ""


def read_slip(text: str) -> Slip:
    """Who sends what to whom. Without words that tell them apart, all is the receiver's."""
    plain = text.replace("：", ":").replace("\r", "")
    first, second = _FROM.search(plain), _TO.search(plain)
    head = _rest_cut(plain)
    sender = receiver = ""
    if first and second:
        if first.start() < second.start():
            sender, receiver = head[first.start() : second.start()], head[second.start() :]
        else:
            receiver, sender = head[second.start() : first.start()], head[first.start() :]
    elif first:
        sender = head[first.start() :]
    else:
        receiver = head[second.start() :] if second else head
    goods, value, number = _GOODS.search(plain), _VALUE.search(plain), _NUMBER.search(plain)
    return Slip(
        sender=_party(sender),
        receiver=_party(receiver),
        goods=goods["goods"].strip() if goods else "",
        declared_value=value["yuan"] if value else "",
        waybill_no=number["no"] if number else "",
    )


def _rest_cut(plain: str) -> str:
    """The text as long as it was, with goods, value and number blanked: they belong to nobody's address."""
    for pattern in (_GOODS, _VALUE, _NUMBER):
        plain = pattern.sub(lambda found: "\n" * len(found[0]), plain)
    return plain


def _party(block: str) -> SlipParty:
    """One person's block: what is labelled first, else what the common reader of pasted blocks finds."""
    block = re.sub(r"\n+", "\n", block).strip()
    if not block:
        return SlipParty()
    phone = _PHONE.search(block) or _LANDLINE.search(block)
    said = phone[0].strip() if phone else ""
    without = block.replace(phone[0], " ") if phone else block
    pasted = pasted_in(
        re.sub(r"(?:^|\n)\s*(?:寄件|收件|寄方|收方|发件)(?:方|信息)?\s*(?=\n|$)", "\n", without)
    )
    return SlipParty(
        name=_name(without) or (pasted.name if pasted else ""),
        phone=re.sub(r"[ -]", "", said) if said.startswith("1") else said,
        address=_address(without) or (pasted.address if pasted else ""),
    )


def _name(block: str) -> str:
    for found in _NAME.finditer(block):
        if not found["name"].startswith(_NO_NAME):
            return re.sub(r"(?:电话|手机|地址).*$", "", found["name"])
    return ""


def _address(block: str) -> str:
    found = _ADDRESS.search(block)
    if not found:
        return ""
    said = re.sub(r"(?:电话|手机|姓名|联系)[\s\S]*$", "", found["address"])
    return re.sub(r"\s+", "", folded(said).upper() if said.isascii() else said)
