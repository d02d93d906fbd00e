"""What a stranger may read of a scan's text: names, telephone and door numbers, pickup codes taken out.

Every page, answer and message that shows a carrier's words to somebody who has not proven himself uses
`for_strangers`, and nothing else does this work.
"""

import re
from collections.abc import Iterable

from yishi.shipments.rules.persons import (
    AFTER_NAME,
    BEFORE_NO_TITLE,
    CODE_WORDS,
    HAN,
    LOOSE_ROLES,
    NAME,
    NO_HOLDER_ENDS,
    NO_NAME_BEGINS,
    NOBODY,
    NOBODY_IN_ENGLISH,
    NOT_BY_NAME,
    ROLES,
    ROLES_IN_ENGLISH,
    SURNAME,
    TITLES,
)

_STARS = "***"
# stands for what was taken out while we work: no carrier writes it, and no pattern takes it for text
_GONE = "\ue000"
_WIDE = {
    code: code - 0xFEE0
    for first, end in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B))
    for code in range(first, end)
}
_PLAIN = str.maketrans(
    {
        **_WIDE,
        **{
            0xFF0A: "*",
            0xFF20: "@",
            0xFF0D: "-",
            0x2014: "-",
            0x2013: "-",
            0x2011: "-",
            0xA0: " ",
            0x3000: " ",
        },
        **dict.fromkeys([0xAD, 0xFEFF, 0xE000, *range(0x200B, 0x2010), *range(0x2060, 0x2065)]),
    }
)
_OPEN, _CLOSE = r"【\[（(「“\"<《", r"】\]）)」”\">》"
_BREAK = rf"\s，,。；;、/！!：:{_OPEN}{_CLOSE}{_GONE}"
_NO_HAN = rf"(?<!{HAN})"
_ENDS = rf"(?=(?:{AFTER_NAME})|[{_BREAK}\d]|$)"

_ASKED = r"(?:\s*(?:是|为|姓名))?\s*"

Rows = tuple[tuple[re.Pattern[str], str], ...]


def _rows(*rows: tuple[str, str]) -> Rows:
    return tuple((re.compile(pattern), put) for pattern, put in rows)


# nothing of it, nothing to take out: most scans are a place and a verb
_HINT = re.compile(rf"[\dA-Za-z@*·{_GONE}]|[零〇一二三四五六七八九幺]{{3}}|{ROLES}|{TITLES}|{NAME}")
_DIGIT = re.compile(
    rf"[\d{_GONE}零〇幺]|[一二三四五六七八九十](?:[一二三四五六七八九]|号|栋|幢|单元|座|层|室)"
)
_LETTER = re.compile("[A-Za-z]{2}")
_TITLE = re.compile(TITLES)

_WITH_LETTERS = _rows(
    (r"[\w.+-]+@[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)+", _GONE),
    (r"(?:(?i:https?)://|www\.)[A-Za-z\d./?&=%#:+~_-]+", _GONE),
    (
        r"(?<![A-Za-z\d.-])[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)*\.(?:cn|com|net|cc|top|vip)/[A-Za-z\d./?&=%#_-]+",
        _GONE,
    ),
    (
        rf"((?i:\b(?:{ROLES_IN_ENGLISH}))\b[.:\s]{{1,3}})(?!(?i:{NOBODY_IN_ENGLISH})\b)"
        r"[A-Z][A-Za-z.'-]*(?:\s[A-Z][A-Za-z.'-]*)*",
        rf"\1{_GONE}",
    ),
    (rf"((?:{ROLES}){_ASKED}[:：]?\s?)(?!APP)[A-Z][A-Za-z.'-]*(?:\s[A-Z][A-Za-z.'-]*)*", rf"\1{_GONE}"),
    (r"((?:微信|QQ)号?[:：\s]{0,3})[A-Za-z][A-Za-z\d_-]{3,}", rf"\1{_GONE}"),
    (
        r"(?i:\b(room|rm|apt|apartment|unit|suite|flat|floor|house no)\b\.?\s?#?)"
        r"[A-Za-z]?-?\d+[A-Za-z]?(?:-\d+)*",
        rf"\1 {_GONE}",
    ),
)

_TOKEN = rf"(?=[A-Za-z_-]*[\d{_GONE}])[A-Za-z\d{_GONE}][A-Za-z\d{_GONE}_*-]{{0,20}}"
_TOKENS = rf"{_TOKEN}(?:\s?(?:[、/和及]|[,，](?=[A-Za-z\d-]{{3}}))\s?{_TOKEN})*"
_TAIL = rf"(?:\s?(?:转|分机号?|(?i:ext)\.?|[-,，#*]{{1,3}}|{_GONE})[:：\s]?\d{{1,6}})?"
_PLATE_OF = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"

_NUMBERS = _rows(
    (
        rf"{_PLATE_OF}[A-HJ-NP-Z][·•\s-]?[A-HJ-NP-Z\d]{{4,5}}[A-HJ-NP-Z\d挂学警港澳](?![A-Za-z\d])",
        _GONE,
    ),
    # 取件码已更新为 8-2-3011、8-2-3012; 凭 470812 领取; 470812 是您的取件码
    (rf"((?:{CODE_WORDS})[^A-Za-z\d，,。；;\n]{{0,10}}?){_TOKENS}", rf"\1{_GONE}"),
    (rf"(凭[^A-Za-z\d，,。；;\n]{{0,6}}){_TOKENS}", rf"\1{_GONE}"),
    (
        rf"(?<![A-Za-z\d-]){_TOKEN}"
        rf"(?=[{_CLOSE}]?\s?(?:即?是|即?为|作为)?(?:您的?|本次|此次)?(?:{CODE_WORDS}))",
        _GONE,
    ),
    (rf"(?<![A-Za-z\d]){_TOKEN}号?(?=货架|格口|柜口|格子)", _GONE),
    # telephones in groups, with extensions; landlines; 400 and 95 numbers; what follows 电话; masked ones
    (rf"(?<!\d)(?:\+?(?:00)?86[-\s]?)?1[3-9]\d(?:[-\s.]?\d{{4}}){{2}}{_TAIL}(?!\d)", _GONE),
    (rf"(?<!\d)(?:[（(]0\d{{2,3}}[)）]|0\d{{2,3}})[-\s]?\d{{3,4}}[-\s]?\d{{4}}{_TAIL}(?!\d)", _GONE),
    (
        rf"(?<!\d)(?:[48]00[-\s]?\d{{3,4}}[-\s]?\d{{3,4}}|95\d{{3,4}}(?!\d*\.?\d*\s?(?:kg|元|件|g))){_TAIL}(?!\d)",
        _GONE,
    ),
    (
        rf"((?:电话|手机|热线|拨打|致电|来电|座机|(?i:tel|phone|call)\.?)号?码?[:：\s是为]{{0,3}})"
        rf"\+?\d[\d\s-]{{3,16}}\d{_TAIL}",
        rf"\1{_GONE}",
    ),
    (rf"\d[\d\s-]*[*{_GONE}]+[\d*]*{_TAIL}|[*{_GONE}]+\d{{2,4}}(?![\d:年月.-])", _GONE),
    (r"[零〇一二三四五六七八九幺]{7,}", _GONE),
)
# days and moments stay; every other seven digits go, with the letters around them
_DAY_OR_RUN = re.compile(
    r"((?<!\d)(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?(?:[ T]?\d{1,2}:\d{2}(?::\d{2})?)?(?!\d))"
    rf"|[A-Za-z]{{0,6}}\d(?:[-\s.]?\d){{6,}}[A-Za-z\d]*{_TAIL}"
)

# 12号店, 3号线, 2号转运中心 are places
_NO_DOOR = (
    "柜|店|线|库|仓|车|站|门|网点|楼|院|转运|分拨|分拣|道口|皮带|集散|中心|驿站|窗口|自提"
    "|点|台|格|货|航|集|营业|分部|码|公司"
)
_UNIT = (
    r"(?:\d+|[A-Za-z]\d*|[一二三四五六七八九十百]+)(?:号楼|号院|号门|幢|栋|座|单元|支弄|弄"
    r"|室|房(?!东|产|屋)间?|层|户|组|门|梯|#"
    rf"|楼(?=[\dA-Za-z])|号(?!{_NO_DOOR}))"
)
_DOORS = _rows(
    (
        r"((?:收件|收货|送货|派送|配送|详细|家庭|新|寄件|收件人|改派|派件)人?(?:地址|住址)|住址|改(?:寄|送|派|投)(?:至|到))"
        rf"([:：为是至到\s]{{0,3}})[^，,。；;\s{_GONE}]{{4,}}",
        rf"\1\2{_GONE}",
    ),
    # 11月23号 is a day, not a door
    (rf"(?<![月\d第])(?:{_UNIT})+(?:[\dA-Za-z][\d\-A-Za-z]{{0,6}}(?!\d*[:：年月.]))?", _GONE),
    (r"(?<=[路街道巷村里庄园苑城])\d+(?:-\d+)*(?![\d:：.年月日次件号个公千kK]|小时|分)", _GONE),
    # 3-2-501, A-1203
    (
        r"(?<![\d.A-Za-z-])(?:[A-Za-z]?\d{1,3}-(?:[A-Za-z]?\d{1,4}-)+\d{1,5}|[A-Za-z]\d{0,3}-\d{2,5})(?![\d-])",
        _GONE,
    ),
)

_TITLED = _rows(
    (rf"[小老阿]?{SURNAME}{HAN}{{0,2}}?(?={TITLES})", _GONE),
    (
        rf"{_NO_HAN}(?!(?:{BEFORE_NO_TITLE})(?:{TITLES})){HAN}{{1,3}}(?<![的递件货送收装{_GONE}])(?={TITLES})",
        _GONE,
    ),
)
_MASKED = _rows(
    # 阿依古丽·买买提; 谢*平, 王**
    (rf"((?:{ROLES}|由|是|为|与|给|向)[:：\s]?){HAN}{{1,8}}·{HAN}{{1,8}}?{_ENDS}", rf"\1{_GONE}"),
    (rf"{HAN}{{1,6}}·{HAN}{{1,8}}?{_ENDS}|{HAN}{{1,4}}·{HAN}{{1,4}}", _GONE),
    (rf"{HAN}\*{{1,2}}{HAN}?(?!\*)|(?<!\*)\*{{1,2}}{HAN}{_ENDS}", _GONE),
)
_BY_ROLE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"((?:{ROLES}){_ASKED}[:：]?\s*[{_OPEN}])([^{_CLOSE}]{{1,20}})(?=[{_CLOSE}])",
        rf"((?:{ROLES}|签收|代收|代签|经手){_ASKED}[:：]\s*)([^{_BREAK}*]{{1,12}})",
        rf"((?:{ROLES})(?:是|为|姓名)?\s*)((?!{NO_NAME_BEGINS}){HAN}{{2,6}}?){_ENDS}",
        # whatever it does then: a surname and two signs
        rf"((?:{ROLES})(?:是|为|姓名)?\s*)((?!{NO_NAME_BEGINS}){SURNAME}{HAN}{{1,2}})",
    )
)
_GIVEN_TO = "交给|交由|转交给?|送给|派给|分给|分配给|指派给?|通知|告知|联系|致电|电联|由|给|与|和|向|找"
_DOES = (
    "正在|派件中|派送中|为您|已取件|已揽|代签|代收|签收|已签|上门|将为|会为|已接单|已收件|投递|已出发"
    "|派件(?!点|部|站|中心|网)|派送(?!点|部|站|中心|网)"
)
_BY_PLACE = _rows(
    (rf"((?:{LOOSE_ROLES})[:：\s（(]?\s?){NAME}{_ENDS}", rf"\1{_GONE}"),
    (
        rf"(由|被)(?!{NOT_BY_NAME}){HAN}{{2,4}}?"
        r"(?=(?:先生|女士)?(?:代为)?(?:签收|代签|代收|领取|取走|派送|派件|揽收|送达))",
        rf"\1{_GONE}",
    ),
    (rf"((?:{_GIVEN_TO})\s?){NAME}(?=(?:{AFTER_NAME})|[{_BREAK}\d]|约|确认|沟通|核实|$)", rf"\1{_GONE}"),
    # what stands before a telephone number is its holder, unless it is a place or a role
    (
        rf"(?:(?<=[{_BREAK}])|^)(?!{ROLES}|电话|手机|联系|客服|投诉|取件){HAN}{{2,4}}(?<![{NO_HOLDER_ENDS}])(?=\s?[（(/]\s?{_GONE})",
        _GONE,
    ),
    (rf"(?:(?<=[{_BREAK}的])|^){NAME}(?=[\s:：,，]?{_GONE}|\s?[（(]\d|\s?(?:{_DOES}))", _GONE),
    (rf"(签收\s?[（(])(?:{NAME}|{SURNAME}{HAN})(?=[）)])", rf"\1{_GONE}"),
)
_TOGETHER = re.compile(rf"{_GONE}(?:\s?[-/,，、:：*]?\s?[{_GONE}*])+|\*+{_GONE}")
_OURS = re.compile(r"(?<!\*)\*{3}(?!\*)")
# what was taken out may lay open the next: 王小明 before a telephone number
_PASSES = 4


def for_strangers(text: str, people: Iterable[str] = ()) -> str:
    """The text without personal data; towns, outlets, stations and what happened stay readable.

    `people` are names and addresses known of this parcel: they go wherever they stand. Taken out: telephone
    numbers with their extensions, any run of seven digits, e-mail and links, number plates, pickup codes,
    staff numbers, names after 快递员 / 收件人 / 签收人 and their like, before a title, a telephone or a verb
    of carrying, house, staircase and room numbers. Done twice it is the same.
    """
    shown = text.translate(_PLAIN)
    if "***" in shown:
        shown = _OURS.sub(_GONE, shown)
    for word in people:
        shown = shown.replace(word, _GONE) if len(word) > 1 else shown
    if not _HINT.search(shown):
        return shown
    for _ in range(_PASSES):
        before, shown = shown, _once(shown)
        if shown == before:
            break
    return shown.replace(_GONE, _STARS)


def _once(shown: str) -> str:
    if _LETTER.search(shown):
        shown = _all(_WITH_LETTERS, shown)
    if _DIGIT.search(shown):
        shown = _all(_NUMBERS, shown)
        shown = _DAY_OR_RUN.sub(lambda found: found[1] or _GONE, shown)
        shown = _all(_DOORS, shown)
    if "·" in shown or "*" in shown:
        shown = _all(_MASKED, shown)
    if _TITLE.search(shown):
        shown = _all(_TITLED, shown)
    for pattern in _BY_ROLE:
        shown = pattern.sub(_hide_name, shown)
    shown = _all(_BY_PLACE, shown)
    return _TOGETHER.sub(_GONE, shown) if _GONE in shown else shown


def _all(rows: Rows, shown: str) -> str:
    for pattern, put in rows:
        shown = pattern.sub(put, shown)
    return shown


def _hide_name(found: "re.Match[str]") -> str:
    return found[0] if found[2].strip() in NOBODY or _GONE in found[2] else f"{found[1]}{_GONE}"
