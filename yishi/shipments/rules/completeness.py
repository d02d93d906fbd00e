"""What an address, a name and a telephone lack before a parcel can be taken. Pure.

Two kinds of marks: what is surely missing, and what is only asked, because many places have none: a village
has no unit, a villa no floor, a shop neither. What is asked never stops a parcel once somebody has answered.
"""

import re
from dataclasses import dataclass

from yishi.shipments.rules.addresses import city_and_district

NAME, PHONE, ADDRESS = "name", "phone", "address"


@dataclass(frozen=True)
class Doubt:
    """One mark: in which field, what (a code that pages have a question for), and whether it is sure."""

    where: str
    code: str
    is_sure: bool = False


def _sure(where: str, code: str) -> Doubt:
    return Doubt(where, code, is_sure=True)


_NUMBER = r"(?:\d+|[一二三四五六七八九十百]+)"
_BUILDING = re.compile(
    rf"(?:{_NUMBER}|[A-Za-z甲乙丙丁])\s?(?:号楼|#楼|栋|幢|座|号院|橦|棟)|{_NUMBER}\s?#|[A-Za-z]\s?座"
)
_UNIT = re.compile(rf"(?:{_NUMBER}|[A-Za-z甲乙丙丁东西中])\s?(?:单元|门洞|门(?=\d)|梯)")
_FLOOR = re.compile(rf"(?:{_NUMBER}|负{_NUMBER}|[bB]\d)\s?(?:楼(?![栋幢])|层|[fF](?![a-z]))|底商|一层")
_ROOM = re.compile(
    r"\d{1,4}[A-Za-z]?\s?(?:室|户|房|号房)|(?:单元|栋|幢|楼|座|弄\d{1,4}号)\s?\d{2,4}[A-Za-z]?(?!\d|号)"
)
# 12-2-1203 and 12栋2-1203: building, unit and room as people write them
_DASHED = re.compile(r"(?<!\d)(?P<building>\d{1,3})[-—–/](?P<unit>\d{1,2})[-—–/](?P<room>\d{3,4})(?!\d)")
_HALF_DASHED = re.compile(r"(?<!\d)(?P<one>\d{1,3})[-—–/](?P<room>\d{3,4})(?!\d)")
_HOUSE_NO = re.compile(rf"{_NUMBER}(?:[-之]\d+)?\s?(?:号|弄|組|组|队|社)")
_ROAD = re.compile(r"(?:路|大道|街|巷|胡同|弄|道)(?!办)")
_VILLAGE = re.compile(
    r"[村屯寨庄坝](?!(?:小区|花园|公寓))|村民|生产队|大队|村委|\d组|[一二三四五六七八九十]组"
)
_ESTATE = re.compile(
    r"小区|花园|家园|公寓|新村|花苑|佳苑|名苑|雅苑|[苑庭府邸园](?=$|\d|[A-Za-z一二三四五六七八九十东西南北])|社区|宿舍|家属院|华府|城邦|新城(?!区)|御景|人家|小镇"
)
_HIGH = re.compile(r"大厦|写字楼|中心|广场|国际|商务楼|科技园|产业园|创业园")
_NO_DOOR = re.compile(
    r"学校|大学|中学|小学|学院|幼儿园|医院|银行|酒店|宾馆|超市|商场|市场|店|驿站|菜鸟|丰巢|门卫|传达室|收发室|前台|派出所|政府|法院|厂|仓库|物流园|别墅|服务区|车站|馆"
)
_WHOLE_CITY = ("东莞市", "中山市", "儋州市", "嘉峪关市")


def doubts_about(*, name: str, phone: str, address: str) -> tuple[Doubt, ...]:
    """All marks of one person's line, in the order of the fields."""
    return (*doubts_of_name(name), *doubts_of_phone(phone), *doubts_of_address(address))


def doubts_of_name(name: str) -> tuple[Doubt, ...]:
    said = name.strip()
    if not said:
        return (_sure(NAME, "name_missing"),)
    if len(said) == 1 or re.search(r"\d", said):
        return (Doubt(NAME, "name_doubtful"),)
    return ()


_LIKE_DIGITS = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})


def doubts_of_phone(phone: str) -> tuple[Doubt, ...]:
    """A mobile has eleven digits, a landline its area code; a lent number may have an extension."""
    said = re.sub(r"(?:转|分机|ext\.?|,|#|(?<=\d{11})-)\s?\d{1,6}$", "", phone.strip())
    digits = re.sub(r"^(?:\+|00)86", "", re.sub(r"[^\dA-Za-z+|]", "", said))
    if not digits:
        return (_sure(PHONE, "phone_missing"),)
    if not digits.isdigit():
        like = digits.translate(_LIKE_DIGITS)
        code = "phone_letters" if like.isdigit() else "phone_doubtful"
        return (_sure(PHONE, code),)
    if re.fullmatch(r"1[3-9]\d{9}|0(?:10|2\d|[3-9]\d{2})\d{7,8}|[48]00\d{7}", digits):
        return ()
    if digits.startswith("1") and len(digits) < 11:
        return (_sure(PHONE, "phone_short"),)
    if digits.startswith("1") and len(digits) > 11:
        return (_sure(PHONE, "phone_long"),)
    if len(digits) in (7, 8):
        return (_sure(PHONE, "phone_no_area"),)
    return (_sure(PHONE, "phone_doubtful"),)


def doubts_of_address(address: str) -> tuple[Doubt, ...]:
    """What the written address lacks; the first of several things that hang together alone is named."""
    said = re.sub(r"[\s,，;；]+", "", address)
    if not said:
        return (_sure(ADDRESS, "address_missing"),)
    city, district = city_and_district(said)
    found: list[Doubt] = []
    if not city:
        found.append(_sure(ADDRESS, "city_missing"))
    elif not district and city not in _WHOLE_CITY and not re.search(r"[县镇]", said):
        found.append(Doubt(ADDRESS, "district_missing"))
    found += _door(_behind(said, city, district))
    return tuple(found)


def _behind(said: str, city: str, district: str) -> str:
    """What stands behind city and district."""
    for name in (district, city):
        if name and name in said:
            return said[said.rindex(name) + len(name) :]
    return said


def _door(rest: str) -> list[Doubt]:
    """Building, unit, floor and room, by the sort of place that it is."""
    if _DASHED.search(rest):
        return []
    has_building = _BUILDING.search(rest) is not None
    has_floor = _FLOOR.search(rest) is not None
    has_unit = _UNIT.search(rest) is not None
    half = _HALF_DASHED.search(rest)
    has_room = _ROOM.search(rest) is not None or half is not None
    if _VILLAGE.search(rest) and not _ESTATE.search(rest) and not has_building:
        return []  # a village's house is known by its people
    is_lane = re.search(rf"弄{_NUMBER}号", rest) is not None
    if _NO_DOOR.search(rest) and not _ESTATE.search(rest) and not has_building:
        return []
    if _HIGH.search(rest) and not _ESTATE.search(rest):
        return [] if has_floor or has_room else [Doubt(ADDRESS, "floor_missing")]
    if is_lane:
        return [] if has_room or has_floor else [Doubt(ADDRESS, "room_missing")]
    if _ESTATE.search(rest) or has_building:
        return _flat(rest, has_building or half is not None, has_unit, has_floor, has_room)
    if _HOUSE_NO.search(rest):
        return []
    if re.search(rf"{_NUMBER}(?:[-—]\d+)?$", rest) and _ROAD.search(rest):
        return []  # 中山路 12: the word 号 is often left out
    return [_sure(ADDRESS, "house_no_missing")]


def _flat(rest: str, has_building: bool, has_unit: bool, has_floor: bool, has_room: bool) -> list[Doubt]:
    if re.search(r"别墅", rest):
        return [] if has_building or _HOUSE_NO.search(rest) else [_sure(ADDRESS, "building_missing")]
    if not has_building:
        return [_sure(ADDRESS, "building_missing")]
    found = [] if has_unit or _one_door(rest) else [Doubt(ADDRESS, "unit_missing")]
    if not has_room:
        found.append(Doubt(ADDRESS, "room_missing"))
    elif not has_floor and (short := re.search(r"(?<!\d)\d{1,2}\s?(?:室|户|房)", rest)) and short:
        found.append(Doubt(ADDRESS, "floor_missing"))
    return found


def _one_door(rest: str) -> bool:
    """Towers (A座) and dormitories have one door."""
    return re.search(r"[A-Za-z]\s?座|公寓|宿舍|学生", rest) is not None


def sure_of(doubts: tuple[Doubt, ...]) -> tuple[Doubt, ...]:
    return tuple(doubt for doubt in doubts if doubt.is_sure)


@dataclass(frozen=True)
class DoorParts:
    """The end of an address in its parts; '' for what is not named."""

    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""


def door_parts(address: str) -> DoorParts:
    """Building, unit, floor and room as they are written; a room of three digits and more tells its floor."""
    said = re.sub(r"[\s,，;；]+", "", address)
    if found := _DASHED.search(said):
        room = found["room"]
        return DoorParts(f"{found['building']}栋", f"{found['unit']}单元", f"{room[:-2]}楼", room)
    building, unit, floor = _BUILDING.search(said), _UNIT.search(said), _FLOOR.search(said)
    half = _HALF_DASHED.search(said)
    behind = unit or building
    room = half["room"] if half else ""
    if not room and (numbers := re.findall(r"(?<!\d)(\d{1,4})(?:室|户|房)?$", said)):
        begins = said.rfind(numbers[-1])
        room = numbers[-1] if behind is None or begins >= behind.end() else ""
    built = building[0] if building else f"{half['one']}栋" if half and not unit else ""
    high = floor[0] if floor and floor[0] not in built else ""
    return DoorParts(built, unit[0] if unit else "", high or _floor_of(room), room)


def _floor_of(room: str) -> str:
    return f"{room[:-2]}楼" if room.isdigit() and len(room) >= 3 else ""
