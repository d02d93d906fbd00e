"""Invented people: names from common signs, phones from a range that is assigned to nobody."""

from dataclasses import dataclass

from yishi.sample.cast import OUTLETS, SampleOutlet

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲建国文斌宇浩凯晨欣怡雨婷梓涵子轩思远佳琪"
_ESTATES = (
    "翠屏示例苑",
    "湖滨示例花园",
    "金域示例府",
    "书香示例里",
    "阳光示例城",
    "江畔示例湾",
    "和园示例居",
)
CONSIGNEES = 6_000
_STAFF_FROM = 90_000
_OFF = 7_919  # a prime, so that neighbours have unlike names


@dataclass(frozen=True)
class SamplePerson:
    name: str
    phone: str
    address: str


def name_of(number: int) -> str:
    """The name of person `number`; always the same."""
    mixed = number * _OFF + 13
    given = _GIVEN[mixed % len(_GIVEN)]
    second = _GIVEN[(mixed // len(_GIVEN)) % len(_GIVEN)] if mixed % 3 else ""
    return f"{_FAMILY[(mixed // 7) % len(_FAMILY)]}{given}{second}"


def phone_of(number: int) -> str:
    """199000 and five digits."""
    return f"199000{number:05}"


def consignee(number: int) -> SamplePerson:
    """Person `number` (below CONSIGNEES), living where the outlet of the same turn delivers."""
    outlet = outlet_of_consignee(number)
    estate = _ESTATES[number % len(_ESTATES)]
    door = f"{number % 23 + 1}幢{number % 18 + 1}0{number % 4 + 1}室"
    return SamplePerson(name_of(number), phone_of(number), f"{outlet.city}{outlet.district}{estate}{door}")


def outlet_of_consignee(number: int) -> SampleOutlet:
    return OUTLETS[number % len(OUTLETS)]


def courier_person(courier: int) -> SamplePerson:
    """The courier of that number, with a phone of his own."""
    return SamplePerson(name_of(_STAFF_FROM + courier), phone_of(_STAFF_FROM + courier), "")
