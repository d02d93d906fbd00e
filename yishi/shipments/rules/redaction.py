"""What a stranger may read of a scan's text: names, telephone and door numbers, pickup codes taken out."""

import re
from collections.abc import Iterable

_STARS = "***"
_NUMBER_BEFORE = r"(?<![\d])"

_PHONE = re.compile(
    _NUMBER_BEFORE + r"(?:\+?86[-\s]?)?(?:1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}|0\d{2,3}[-\s]?\d{7,8}"
    r"|400[-\s]?\d{3,4}[-\s]?\d{3,4}|95\d{3,4}|(?<=电话)[:：\s]*\d{5,12}|1[3-9]\d\*{2,6}\d{2,4})"
    r"(?:[-,，转#]\s?\d{1,6})?(?!\d)"
)
_CODE = re.compile(
    r"((?:取件码|提货码|取货码|开箱码|验证码|密码|凭码|货架号|取件号|凭)[是为]?[:：\s【\[「“\"]*)"
    r"([A-Za-z]?\d[\dA-Za-z\-]{1,14}|[A-Za-z]{1,3}-?\d[\d\-]{1,12})"
)
_ROLES = (
    "快递员|派件员|派送员|派件人|配送员|业务员|揽件员|揽收员|揽投员|收派员|收件员|取件员|投递员|小哥|收件人|寄件人|发件人"
    "|签收人|代收人|收货人|联系人|站长|店员|负责人|取件人|本人姓名|姓名|师傅姓名|扫描员"
)
_HAN = r"[\u4e00-\u9fff·]"
_BRACKET_NAME = re.compile(
    rf"((?:{_ROLES})(?:\s*(?:是|为|姓名))?\s*[:：]?\s*)([【\[（(「“][^】\]）)」”]{{1,20}}[】\]）)」”])"
)
# after a colon anything up to the next break is a name; without one only two to four signs before a verb
_COLON_NAME = re.compile(
    rf"((?:{_ROLES})(?:\s*(?:是|为|姓名))?\s*[:：]\s*)((?!\*)[^\s，,。；;、（(【\[*]{{1,12}})"
)
_VERBS = r"正在|已|在|将|为您|签收|派送|派件|取件|代收|揽收|电话|联系|手机|的|[，,。；;（(\s\d*]|$"
_NO_NAME_BEGINS = "正在|已|将|为您|会|在|电话|联系|签收|拒收|不在|要求|未|无法|来|可|请"
_PLAIN_NAME = re.compile(
    rf"((?:{_ROLES})(?:是|为|姓名)?\s*)((?!{_NO_NAME_BEGINS}){_HAN}{{2,4}}?)(?={_VERBS})"
)
_PEOPLE_AROUND = (
    "本人|他人|家人|同事|邻居|门卫|前台|物业|驿站|快递柜|代收点|收件人|菜鸟|丰巢|收发室|门口|朋友|亲属|家门口"
)
_BY_NAME = re.compile(
    rf"(由|被)((?!{_PEOPLE_AROUND}){_HAN}{{2,4}}?)((?:先生|女士)?(?:代为)?(?:签收|代签|代收|领取|取走))"
)
_TITLE_NAME = re.compile(rf"{_HAN}{{1,3}}(先生|女士|小姐|师傅)(?!傅)")
_UNIT = (
    r"(?:\d+|[A-Za-z]\d*|[一二三四五六七八九十]+)(?:号楼|号院|幢|栋|座|单元|支弄|弄|室|层|户|楼(?=\d)"
    r"|号(?!柜|店|线|库|仓|车|站|门店|网点|楼|转运|分拨|集散|中心|驿站|窗口|自提|点))"
)
# 11月23号 is a day, not a door
_DOOR = re.compile(
    rf"(?<![月\d])(?:{_UNIT})+(?:[\dA-Za-z][\d\-A-Za-z]{{0,6}})?|(?<=[路街道巷村])\d+(?:-\d+)*(?!\d)"
    r"|(?<![\d.])\d+-\d+-\d+(?=[，,。\s]|$)"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NOT_A_NAME = frozenset(
    {
        "本人", "他人", "家人", "同事", "邻居", "门卫", "前台", "物业", "驿站", "代收点", "快递柜", "收发室",
        "客户", "快递超市",
    }
)  # fmt: skip


def for_strangers(text: str, people: Iterable[str] = ()) -> str:
    """The text without personal data; towns, outlets, stations and what happened stay readable.

    `people` are names and addresses known of this parcel: they go wherever they stand.

    Taken out: telephone numbers, e-mail, pickup codes, what follows 快递员 / 派件员 / 收件人 / 签收人 and
    their like, 王先生 and 李女士, house, staircase and room numbers.
    """
    if not text:
        return text
    shown = text
    for word in people:
        shown = shown.replace(word, _STARS) if len(word) > 1 else shown
    shown = _MAIL.sub(_STARS, shown)
    shown = _CODE.sub(rf"\1{_STARS}", shown)
    shown = _PHONE.sub(_STARS, shown)
    for pattern in (_BRACKET_NAME, _COLON_NAME, _PLAIN_NAME):
        shown = pattern.sub(_hide_name, shown)
    shown = _BY_NAME.sub(lambda m: f"{m[1]}{_STARS}{m[3]}", shown)
    shown = _TITLE_NAME.sub(rf"{_STARS}\1", shown)
    shown = _DOOR.sub(_STARS, shown)
    return re.sub(r"\*{4,}", _STARS, shown)


def _hide_name(found: "re.Match[str]") -> str:
    inner = found[2].strip("【】[]（）()「」“”")
    return found[0] if inner in _NOT_A_NAME else f"{found[1]}{_STARS}"
