"""Pasted name, telephone and address in the forms in which people copy them, and its parts. Pure."""

import re
from dataclasses import dataclass

from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.phones import phones_in
from yishi.shipments.rules.persons import NAME, SURNAME, TITLES
from yishi.shipments.rules.provinces import province_of

LONGEST_TEXT = 600
_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
_PROVINCE = re.compile(
    r"(?P<own>内蒙古|广西|西藏|宁夏|新疆)(?:壮族|回族|维吾尔)?(?:自治区)?"
    r"|(?P<town>北京|天津|上海|重庆)(?:市(?!辖))?"
    r"|(?P<isle>香港|澳门)(?:特别行政区)?"
    r"|(?P<plain>河北|山西|辽宁|吉林(?!市)|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东"
    r"|海南(?!藏族)|四川|贵州|云南|陕西|甘肃|青海|台湾)省?"
)
_CITY = re.compile(r"([\u4e00-\u9fff]{2,10}?(?:自治州|地区|(?<![城超都])市(?!场|民|政|区|辖)|盟(?!路)))")
_DISTRICT = re.compile(
    r"([\u4e00-\u9fff]{1,12}?(?:自治县|自治旗|林区|特区|开发区|新区|区|县|市(?!场|民"
    r"|政)|旗(?!舰|下|杆)))"
)
_NO_DISTRICT = re.compile(r"(?:小|社|校|厂|景|生活|住宅|宿舍|工业|服务|家属|园)区$|[路街道巷弄号栋]|.小区")
_STREET = re.compile(r"([\u4e00-\u9fff]{1,10}?(?:街道(?:办事处)?|镇(?!江)|乡(?!路)|苏木))")
_PLACE_SIGNS = re.compile(
    r"[省市区县镇乡村屯组街路道巷弄胡同号栋幢座楼层室户]|单元|小区|花园|公寓|大厦|广场|[苑园庭府院城湾]"
    r"|学校|大学|中学|小学|医院|公司|工厂"
    r"|酒店|宾馆|超市|市场|商场|驿站|宿舍|门卫|中心|\d"
)
_LABELS = (
    ("name", r"收件人姓名|收货人姓名|寄件人姓名|收[件货]人|寄件人|联系人|姓\s?名|收件|收货|name"),
    (
        "phone",
        r"收[件货]人?(?:手机号?码?|电话)|手机号码?|手机|联系电话|联系方式|电话号码|电话|固话|座机"
        r"|phone|tel",
    ),
    ("area", r"所在地区|所在地|省市区|地区|区域"),
    ("detail", r"详细地址|街道地址|收[件货]人?地址|收货信息|新?地址|address|门牌号"),
    ("post", r"邮政编码|邮编"),
)
_LABEL = re.compile("|".join(rf"(?P<{name}>(?:{words})\s?(?:[:是为]\s?|(?=\s)))" for name, words in _LABELS))
_LEAD = re.compile(
    r"^(?:[^\d,]{0,14}?(?:改到|改成|改为|换成|换到|寄到|送到|发到|转到|转寄到?|寄给|发给|地址是|是这个"
    r"|如下)\s?[:,]?|(?:你好|您好|麻烦|帮我|请)\s?,?)+"
)
_SPLIT = re.compile(r"[\s,;|/\ue000]+")
_POSTCODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_TITLED = rf"(?:{SURNAME}[\u4e00-\u9fff]{{0,2}}(?:{TITLES})|[小老阿][\u4e00-\u9fff])"
_NAME = re.compile(
    rf"(?:{_TITLED}|{NAME}|[\u4e00-\u9fff]{{2,6}}·[\u4e00-\u9fff]{{2,8}}"
    rf"|[a-z][a-z. ]{{1,20}}|[\u4e00-\u9fff]{{2,3}})(?:\(?收\)?)?"
)
_NAME_BEHIND = re.compile(
    rf"(?<=[号室楼栋座户元店口院区苑园村组层司部厦\d])(?P<name>{_TITLED}"
    rf"|{SURNAME}[\u4e00-\u9fff]{{1,2}})(?:收|\(收\))?$"
)
_NO_NAME = frozenset(
    [
        "你好",
        "您好",
        "谢谢",
        "麻烦",
        "地址",
        "电话",
        "手机",
        "改一下",
        "新的",
        "收货",
        "收件",
        "如下",
        "这个",
        "请改",
        "中国",
        "默认",
        "公司",
        "学校",
        "家里",
        "本人",
        "快递",
    ]
)


@dataclass(frozen=True)
class Parts:
    """An address in its parts; '' for what is not named. `detail` is what stands behind."""

    province: str
    city: str
    district: str
    street: str
    detail: str


@dataclass(frozen=True)
class Pasted:
    """What a pasted block names; '' where nothing. `certainty` 0–1: how much of it is there and plain."""

    name: str
    phone: str
    extension: str
    address: str
    parts: Parts
    certainty: float


def parts_of(address: str) -> Parts:
    """Province, city, district, street and the rest; a known city without its province brings it."""
    rest = re.sub(r"[\s,;/|-]+(?=[\u4e00-\u9fff])", "", address.strip())
    rest = re.sub(r"^中国", "", rest)
    province = city = district = street = ""
    if found := _PROVINCE.match(rest):
        province, rest = _province(found), rest[found.end() :]
    if province and province.removesuffix("市") in _MUNICIPALITIES:
        city = province
        rest = re.sub(rf"^{city[:2]}市", "", rest)
    else:
        city, rest = _city(rest)
    rest = re.sub(r"^(?:市辖区|省直辖县级行政区划|省直辖|县)(?=[\u4e00-\u9fff])", "", rest)
    if (found := _DISTRICT.match(rest)) and (
        found[1] == "工业园区"
        or not _NO_DISTRICT.search(found[1])
        or found[1].endswith(("开发区", "苏州工业园区"))
    ):
        district, rest = found[1], rest[found.end() :]
    elif city == "苏州市" and rest.startswith("工业园区"):
        district, rest = "工业园区", rest[4:]
    if (found := _STREET.match(rest)) and not re.search(r"[路号]", found[1]):
        street, rest = found[1], rest[found.end() :]
    if not province and city and (known := province_of(city)):
        province = f"{known}市" if known in _MUNICIPALITIES else _full(known)
    return Parts(province, city, district, street, rest.strip(" ,;"))


_OWN = {"内蒙古": "内蒙古自治区", "广西": "广西壮族自治区", "西藏": "西藏自治区", "宁夏": "宁夏回族自治区",
        "新疆": "新疆维吾尔自治区"}  # fmt: skip


def _full(plain: str) -> str:
    return _OWN.get(plain, f"{plain}省")


def _province(found: "re.Match[str]") -> str:
    if found["own"]:
        return _OWN[found["own"]]
    if found["town"]:
        return f"{found['town']}市"
    return f"{found['isle']}特别行政区" if found["isle"] else f"{found['plain']}省"


def _city(rest: str) -> tuple[str, str]:
    """南京市 or, plainly, 南京; and what is left."""
    for length in (5, 4, 3, 2):
        plain = rest[:length]
        if len(plain) == length and not plain.endswith(("市", "区", "县", "盟")) and province_of(plain):
            behind = rest[length:]
            if named := re.match(r"市(?!场|民|政|区|辖)|地区|盟|[\u4e00-\u9fff]{0,10}?自治州", behind):
                return plain + named[0], behind[named.end() :]
            if not re.match(r"[路街道巷大中]|[东西南北]路", behind):
                return f"{plain}市", behind
    if (found := _CITY.match(rest)) and not re.search(r"[区县路街号]", found[1]):
        return found[1], rest[found.end() :]
    return "", rest


def pasted_in(text: str) -> Pasted | None:
    """Name, telephone and address of a pasted block, in any order, with or without labels; None without an
    address."""
    plain = folded(text[:LONGEST_TEXT])
    phones = phones_in(plain)
    cut = plain
    for each in phones:
        begin, end = each.span
        cut = cut[:begin] + "\ue000" * (end - begin) + cut[end:]
    labelled, loose = _labelled(cut)
    names, places = _sorted(loose)
    name = _tidy_name(labelled.get("name", "")) or next(iter(names), "")
    address = "".join((labelled.get("area", ""), labelled.get("detail", ""))) or "".join(places)
    if labelled and (labelled.get("area") or labelled.get("detail")) and not name and names:
        name = names[0]
    address = _SPLIT.sub("", _LEAD.sub("", address)).strip(":.")
    if not name:
        name, address = _glued(address)
    parts = parts_of(address)
    if not parts.city and (inside := address_in(cut)):
        # among other talk: what begins at a known place is the address
        address, parts = inside[0], parts_of(inside[0])
    if not _is_address(address, parts):
        return None
    phone = phones[0] if phones else None
    there = [bool(name), phone is not None, bool(parts.city), bool(parts.district), bool(parts.detail)]
    return Pasted(
        name,
        phone.number if phone else "",
        phone.extension if phone else "",
        address,
        parts,
        sum(there) / len(there),
    )


_RUN = re.compile(r"(?:[\u4e00-\u9fffa-z0-9#()-]|(?<=[省市区县]) (?=[\u4e00-\u9fff]))+")


def address_in(plain: str) -> tuple[str, tuple[int, int]] | None:
    """The first address that stands in running text, beginning at a province or a known city."""
    for run in _RUN.finditer(plain):
        for place in range(run.start(), max(run.start(), run.end() - 5)):
            said = plain[place : run.end()]
            if (_PROVINCE.match(said) or province_of(said[:2]) or province_of(said[:3])) and _is_address(
                said, parts_of(said)
            ):
                return said.replace(" ", ""), (place, run.end())
    return None


def _labelled(cut: str) -> tuple[dict[str, str], list[str]]:
    """What stands behind a label, until the next; and the pieces before the first."""
    marks = list(_LABEL.finditer(cut))
    if not marks:
        return {}, _SPLIT.split(_POSTCODE.sub(" ", _LEAD.sub("", cut)))
    found: dict[str, str] = {}
    loose = _SPLIT.split(cut[: marks[0].start()])
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        said = cut[mark.end() : following.start() if following else len(cut)]
        kind = mark.lastgroup or ""
        if kind in ("phone", "post"):
            loose += _SPLIT.split(re.sub(r"^\s?\d{6}(?!\d)", "", said))
        elif kind == "name":
            pieces = [piece for piece in _SPLIT.split(said) if piece]
            found.setdefault(kind, pieces[0] if pieces else "")
            loose += pieces[1:]
        else:
            found[kind] = found.get(kind, "") + "".join(_SPLIT.split(said))
    return found, loose


def _sorted(pieces: list[str]) -> tuple[list[str], list[str]]:
    """Pieces that are names, and pieces of the address, each in order."""
    names: list[str] = []
    places: list[str] = []
    for raw in pieces:
        piece = raw.strip(" .:!?()[]\"'\ue000")
        if not piece or piece in _NO_NAME:
            continue
        is_name = _NAME.fullmatch(piece) and not (_PROVINCE.match(piece) or province_of(piece))
        if (
            is_name
            and not names
            and not (len(piece) > 2 and re.search(r"[省市区县镇乡村路街号栋楼室]$", piece))
        ):
            names.append(_tidy_name(piece))
        elif _PLACE_SIGNS.search(piece) or _PROVINCE.match(piece) or province_of(piece):
            places.append(piece)
    return names, places


def _glued(address: str) -> tuple[str, str]:
    """张三江苏省南京市… and …1号张三: the name off, and what is left."""
    for length in (2, 3, 4):
        head, rest = address[:length], address[length:]
        starts = _PROVINCE.match(rest) or province_of(rest[:2]) or province_of(rest[:3])
        if starts and _NAME.fullmatch(head) and not _PROVINCE.match(address) and not province_of(head):
            return head, rest
    if found := _NAME_BEHIND.search(address):
        return _tidy_name(found["name"]), address[: found.start()]
    return "", address


def _tidy_name(name: str) -> str:
    return re.sub(r"\(?收\)?$", "", name.strip(" :,.()\ue000"))


def _is_address(address: str, parts: Parts) -> bool:
    if len(address) < 4:
        return False
    if parts.city and (parts.district or parts.street):
        return True
    has_road = (
        re.search(
            r"[路街道巷弄村镇乡]|小区|花园|大厦|公寓|广场|学校|大学|医院"
            r"|[区县]",
            address,
        )
        is not None
    )
    has_door = (
        re.search(
            r"\d+\s?(?:号|栋|幢|座|楼|室|单元|弄|组|层|门|户|-)|[一二三四五六七八九十]+(?:号"
            r"|栋|单元|楼)",
            address,
        )
        is not None
    )
    return has_door and (has_road or bool(parts.city))
