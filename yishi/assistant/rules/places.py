"""Wishes for a place: 放门口, 放驿站吧, 别放柜子, 给门卫, 邻居代收. Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceWish:
    """`place` as `_PLACES` names it; `is_refused` for 不要放驿站."""

    place: str
    is_refused: bool
    span: tuple[int, int]


_PLACES = {
    "STATION": r"菜鸟驿站|妈妈驿站|驿站|代收点|自提点|快递超市|快递站|代理点|便利店|小卖部|超市",
    "LOCKER": r"丰巢柜?|快递柜子?|速递易|智能柜|自提柜|柜子|投柜|入柜",
    "GUARD": r"门卫室?|保安室?|保安亭|岗亭|物业|传达室|收发室|门岗",
    "FRONT_DESK": r"前台|大堂|服务台|一楼大厅",
    "NEIGHBOUR": r"邻居(?:家)?|对门|隔壁(?:家)?|楼下(?:王|李|张|刘|陈)[\u4e00-\u9fff]{1,2}家",
    "DOORSTEP": r"家?门口|房门口|门外|鞋柜上?|消防栓里?|电表箱里?|水表箱里?|消火栓里?|奶箱里?|地垫下?"
    r"|门把手上?|走廊|楼道|电梯口",
    "DOWNSTAIRS": r"楼下|单元门口?|大门口|小区门口|车库|车棚|信箱|院子里?|院里|阳台",
    "DOOR": r"家里|我家|家门|楼上|门上",
}
_PUT = r"(?:放|搁|摆|丢|扔|送到?|存|寄存|投|塞|给|交给|拿到|递给)(?:到|在|给|进|去)?"
_PLACE = "|".join(f"(?P<{name}>{words})" for name, words in _PLACES.items())
_WISH = re.compile(
    rf"(?P<no>(?:不要|别|不能|不可以|不用|不想|不许|禁止|拒绝|勿|莫|唔好|千万别|请勿|不)(?:再|给我|帮我"
    rf"|随便|总|老|直接)*)?"
    rf"(?:{_PUT})(?:我家?|我们|一楼|公司|单位|学校|[东西南北]|小区)?的?(?P<place>{_PLACE})"
    r"(?P<done>了(?!吧|就)|里了|(?:上|里)?(?:没有|怎么|不见|就走|也不|被|丢))?"
)
_DOOR = re.compile(
    r"(?P<no>不要|别|不用|不需要|不必)?(?:送货上门|送上门|送上楼|送上来|送到家"
    r"|上门派送)(?P<asks>吗)?"
)
_KEEP = re.compile(
    rf"(?:请|让|由|叫|麻烦)?(?P<place>{_PLACE})(?:帮忙|代|替我)?(?:代收|收下?|签收)(?!货|件"
    rf"|到|了)"
)
# 谁让你放驿站, 为什么放柜子: no wish, a reproach
_REPROACH = re.compile(
    r"(?:为什么|为啥|凭什么|谁让(?:你们?|他)?|怎么|说是?|显示|已经?|又|直接|就|擅自"
    r"|私自|总是?|老是?|每次都?|给我|我的)\s?$"
)


def places_in(plain: str) -> list[PlaceWish]:
    """The wishes for a place in a folded text; what is told (放门口了, 谁让你放驿站) is none."""
    found = []
    for each in _WISH.finditer(plain):
        if each["done"] or (
            not each["no"] and _REPROACH.search(plain[max(0, each.start() - 5) : each.start()])
        ):
            continue
        found.append(PlaceWish(_named(each), each["no"] is not None, each.span()))
    for each in _KEEP.finditer(plain):
        if not any(wish.span[0] <= each.start() < wish.span[1] for wish in found):
            found.append(PlaceWish(_named(each), False, each.span()))
    for each in _DOOR.finditer(plain):
        before = plain[max(0, each.start() - 5) : each.start()]
        if not re.search(r"(?:没|没有|不|不给|未|拒绝)(?:给我?)?$", before):
            found.append(PlaceWish("DOOR", each["no"] is not None, each.span()))
    return sorted(found, key=lambda wish: wish.span)


def _named(found: "re.Match[str]") -> str:
    return next(name for name in _PLACES if found[name])
