"""How a consignee wants his parcels delivered, by his words: 别放柜子, 放门卫, 送上门, 先打电话. Pure."""

import re

from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.slots import Kind, Slot

KINDS = ("NO_LOCKER", "NO_STATION", "DOOR", "CALL_FIRST", "GUARD", "NEIGHBOUR")
"""Wishes that the assistant can keep; a time is asked for with the parcel that it is about."""

_OF_PLACE = {
    "NO_LOCKER": "NO_LOCKER",
    "NO_STATION": "NO_STATION",
    "DOOR": "DOOR",
    "DOORSTEP": "DOOR",
    "GUARD": "GUARD",
    "NEIGHBOUR": "NEIGHBOUR",
}
_CALL_FIRST = re.compile(
    r"(?:先|提前|派[件送]前|送[之以]?前|来[之以]?前|到了)[^，,。]{0,4}(?:打(?:个)?电话|来电|联系我|call)|电话联系(?:后|好)再"
)
_REFUSED = re.compile(
    r"(?:不要|别|不想|不能|不许|不准|不用|不愿意?|禁止|拒绝|莫|勿|唔好|唔要|讨厌|老是?|总是?|又|乱)[^，,。！!]{0,8}?"
    r"(?:(?P<locker>柜|丰巢|锁柜)|(?P<station>驿站|代收点|自提点|超市))"
    r"|(?:no|not)[^.]{0,20}(?P<lockers>locker)|(?:no|not)[^.]{0,20}(?P<stations>station)"
)
_DOOR = re.compile(
    r"送货?上门|送上[门楼来]|送到(?:我?家|门口|家门)|上门(?:派送|送)|送到屋企|to (?:my |the )?door"
)
_NOT_DOOR = re.compile(r"(?:不用|不要|不必|不需要|别)[^，,。]{0,3}(?:送货?上门|送上)")


def wishes_in(text: str, slots: list[Slot]) -> tuple[str, ...]:
    """The wishes that a text names, in the order of KINDS."""
    plain = folded(text[:2_000])
    found = {_OF_PLACE[slot.value] for slot in slots if slot.kind is Kind.PLACE and slot.value in _OF_PLACE}
    for refused in _REFUSED.finditer(plain):
        found.add("NO_STATION" if refused["station"] or refused["stations"] else "NO_LOCKER")
    if _CALL_FIRST.search(plain):
        found.add("CALL_FIRST")
    if _DOOR.search(plain) and not _NOT_DOOR.search(plain):
        found.add("DOOR")
    return tuple(kind for kind in KINDS if kind in found)
