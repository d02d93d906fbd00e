"""Pure decisions of the network: which outlet serves an address, who is on duty, what a carrier is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, time, timedelta


@dataclass(frozen=True)
class Area:
    """An address pattern that an outlet serves; empty parts match everything."""

    outlet_id: int
    city: str
    district: str = ""
    keyword: str = ""
    priority: int = 0


@dataclass(frozen=True)
class Shift:
    """A duty on a weekday (0 = Monday) or on one date; `ends` before `starts` is the next morning."""

    user_id: int
    starts: time
    ends: time
    weekday: int | None = None
    date: Day | None = None
    is_fallback: bool = False


def plain_place(name: str) -> str:
    """A city or district without the sign of its rank, so that 南京 and 南京市 are the same."""
    name = name.strip()
    return name[:-1] if len(name) > 2 and name[-1] in "市区县" else name


def serving_outlet(areas: Iterable[Area], *, city: str, district: str, address: str) -> int | None:
    """The outlet whose area fits best: the longest keyword, then the named district, then the priority.

    City and district may be unknown (empty); then the written address must name them.
    """
    fits = [area for area in areas if _fits(area, city=city, district=district, address=address)]
    if not fits:
        return None
    return max(fits, key=lambda a: (len(a.keyword), bool(a.district), a.priority, -a.outlet_id)).outlet_id


def _fits(area: Area, *, city: str, district: str, address: str) -> bool:
    return (
        _names(city, area.city, address)
        and (not area.district or _names(district, area.district, address))
        and area.keyword in address
    )


def _names(stated: str, wanted: str, address: str) -> bool:
    """Whether the stated place is the wanted one, or, when none is stated, the address names it."""
    wanted = plain_place(wanted)
    return plain_place(stated) == wanted if stated.strip() else wanted in address


def person_on_duty(shifts: Iterable[Shift], *, local: datetime) -> int | None:
    """Who answers at this local moment: a shift of that date before one of the weekday, a fallback last."""
    tiers = tiers_on_duty(shifts, local=local)
    return tiers[0][0] if tiers else None


def tiers_on_duty(shifts: Iterable[Shift], *, local: datetime) -> list[list[int]]:
    """Everybody on duty at this local moment, in the order in which they are asked: those of that date, those
    of the weekday, fallbacks last; in a tier who began first."""
    on = sorted((s for s in shifts if _covers(s, local)), key=lambda s: (_tier(s), s.starts, s.user_id))
    tiers = {_tier(shift): dict[int, None]() for shift in on}
    for shift in on:
        tiers[_tier(shift)][shift.user_id] = None
    return [list(people) for people in tiers.values()]


def _tier(shift: Shift) -> tuple[bool, bool]:
    return shift.is_fallback, shift.date is None


def _covers(shift: Shift, local: datetime) -> bool:
    """The end itself is no longer covered, so that shifts that meet never overlap."""
    today, moment = local.date(), local.time()
    if shift.starts < shift.ends:
        return _falls_on(shift, today) and shift.starts <= moment < shift.ends
    begun_today = _falls_on(shift, today) and moment >= shift.starts
    begun_yesterday = _falls_on(shift, today - timedelta(days=1)) and moment < shift.ends
    return begun_today or begun_yesterday


def _falls_on(shift: Shift, day: Day) -> bool:
    return shift.date == day if shift.date is not None else shift.weekday == day.weekday()


# parcels are kept under 快递100's name of their carrier; beside it what 快递鸟, Cainiao, WeChat, carriers
# and people write
_CALLED = {
    "shunfeng": "sf sfexpress sf-express 顺丰 顺丰速运 顺丰快递",
    "yuantong": "yto ytoexpress 圆通 圆通速递 圆通快递",
    "zhongtong": "zto zto-express ztoexpress 中通 中通快递 中通速递",
    "shentong": "sto stoexpress 申通 申通快递 申通速递",
    "yunda": "yd yundaex yunda-express yundaexpress 韵达 韵达快递 韵达速递",
    "jtexpress": "jtsd jt j&t jt-express jitu 极兔 极兔速递 极兔快递",
    "jd": "jdl jdkd jdwl jingdong jd-logistics 京东 京东快递 京东物流",
    "huitongkuaidi": "htky bsht best best-express baishi baishihuitong 百世 百世快递 百世汇通",
    "ems": "ems-express china-ems chinaems 邮政特快 中国邮政ems",
    "youzhengguonei": "yzpy postb china-post chinapost 邮政 中国邮政 邮政包裹",
    "debangkuaidi": "dbl dbkd debang 德邦 德邦快递",
    "tiantian": "hhtt ttkdex 天天 天天快递",
    "danniao": "cnsd dnex 丹鸟",
    "fengwang": "fwx 丰网 丰网速运",
    "youshuwuliu": "uc uce 优速 优速快递",
    "zhaijisong": "zjs 宅急送",
    "kuayue": "kysy ky-express 跨越 跨越速运",
    "annengwuliu": "ane 安能 安能物流",
}
_NAME_OF = {word: name for name, words in _CALLED.items() for word in words.split()}


def short_name(carrier: str) -> str:
    """What people call a carrier: 顺丰, 韵达; one that nobody knows by its code."""
    words = _CALLED.get(carrier, "").split()
    return next((word for word in words if not word.isascii()), carrier)


def carrier_of(said: str) -> str:
    """The name under which a carrier's parcels are kept; one that nobody knows stays as it was sent, in small
    letters."""
    plain = said.strip().lower()
    return _NAME_OF.get(plain, plain)
