"""A booking as it was said, and everything that speaks against taking it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from yishi.shipments.rules.completeness import Doubt, doubts_about, doubts_of_name, doubts_of_phone
from yishi.shipments.rules.details import LONGEST_ADDRESS, MOST_FEN
from yishi.shipments.rules.goods import LONGEST_GOODS, Advice, advise
from yishi.shipments.rules.goods_kinds import DEFAULTS, FORBIDDEN, GoodsKind
from yishi.shipments.rules.waybills import LONGEST_WORD, normalise_waybill_no


@dataclass(frozen=True)
class Party:
    """One person of a booking."""

    name: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be sent, as it was said; `is_opened`: it was opened and looked at; `is_asked`: whoever took
    it down asked about every mark that is no sure mistake."""

    sender: Party
    receiver: Party
    goods: str = ""
    declared_value_fen: int | None = None
    is_insured: bool = False
    reference: str = ""
    waybill_no: str = ""
    carrier: str = ""
    is_opened: bool = False
    is_asked: bool = False


@dataclass(frozen=True)
class Checked:
    """An order with its marks (`receiver.address`, code, whether it is sure) and the advice on its goods."""

    order: Order
    faults: tuple[Doubt, ...]
    advice: Advice

    @property
    def against(self) -> tuple[Doubt, ...]:
        """What must be mended before it can be taken."""
        return tuple(fault for fault in self.faults if fault.is_sure)

    @property
    def asked(self) -> tuple[Doubt, ...]:
        """What is only asked."""
        return tuple(fault for fault in self.faults if not fault.is_sure)


@dataclass(frozen=True)
class Book:
    """The operator's rules: kinds of goods, and places to which nothing is taken."""

    goods: Sequence[GoodsKind] = DEFAULTS
    closed: Sequence[str] = field(default=())


def check_order(order: Order, book: Book) -> Checked:
    """Everything that is missing, wrong or to be asked, in the order of the form's fields."""
    advice = advise(goods=order.goods, declared_value_fen=order.declared_value_fen, rules=book.goods)
    faults = [
        *_at("sender", (*doubts_of_name(order.sender.name), *doubts_of_phone(order.sender.phone))),
        *_at("receiver", doubts_about(**vars(order.receiver))),
    ]
    if place := closed_place(order.receiver.address, book.closed):
        faults.append(Doubt("receiver.address", f"not_served:{place}", is_sure=True))
    if not order.goods.strip():
        faults.append(Doubt("goods", "goods_missing", is_sure=True))
    elif advice.verdict == FORBIDDEN:
        faults.append(Doubt("goods", f"forbidden:{advice.kinds[0].key}", is_sure=True))
    if order.waybill_no and normalise_waybill_no(order.waybill_no) is None:
        faults.append(Doubt("waybill_no", "bad_waybill_no", is_sure=True))
    if not 0 <= (order.declared_value_fen or 0) <= MOST_FEN:
        faults.append(Doubt("declared_value", "bad_amount", is_sure=True))
    faults += [Doubt(where, "too_long", is_sure=True) for where in _too_long(order)]
    return Checked(order, tuple(faults), advice)


def _at(who: str, doubts: tuple[Doubt, ...]) -> list[Doubt]:
    return [Doubt(f"{who}.{one.where}", one.code, one.is_sure) for one in doubts]


def closed_place(address: str, closed: Sequence[str]) -> str:
    """The first of these places that the address names; '' for none."""
    plain = address.replace(" ", "")
    return next((place for place in closed if place and place in plain), "")


def _too_long(order: Order) -> list[str]:
    parties = (("sender", order.sender), ("receiver", order.receiver))
    long = [f"{who}.address" for who, one in parties if len(one.address) > LONGEST_ADDRESS]
    for who, one in parties:
        long += [f"{who}.{name}" for name in ("name", "phone") if len(getattr(one, name)) > LONGEST_WORD]
    long += ["goods"] if len(order.goods) > LONGEST_GOODS else []
    return long + (["reference"] if len(order.reference) > LONGEST_WORD else [])


# ---- files: which column says what

HEADINGS: dict[str, tuple[str, ...]] = {
    "reference": ("订单号", "客户订单号", "商家订单号", "编号", "reference", "orderno"),
    "receiver_name": ("收件人", "收件人姓名", "收货人", "收货人姓名", "姓名", "receiver", "name"),
    "receiver_phone": (
        "收件人电话",
        "收件人手机",
        "收货人电话",
        "收件电话",
        "手机",
        "手机号",
        "电话",
        "联系电话",
        "phone",
    ),
    "receiver_address": ("收件人地址", "收件地址", "收货地址", "详细地址", "地址", "address"),
    "goods": ("物品", "物品名称", "寄什么", "商品", "商品名称", "品名", "内件", "goods"),
    "declared_value": ("声明价值", "保价金额", "货值", "价值", "declaredvalue"),
    "waybill_no": ("运单号", "快递单号", "物流单号", "waybillno"),
}
NEEDED = ("receiver_name", "receiver_phone", "receiver_address", "goods")
TEMPLATE = (
    "reference",
    "receiver_name",
    "receiver_phone",
    "receiver_address",
    "goods",
    "declared_value",
    "waybill_no",
)


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Which column says what, by its heading; the first that says it counts."""
    plain = ["".join(sign for sign in one.lower() if sign.isalnum()) for one in headings]
    found: dict[str, int] = {}
    for field_name, words in HEADINGS.items():
        place = next((plain.index(word) for word in words if word in plain), None)
        if place is not None:
            found[field_name] = place
    return found


def missing_columns(found: dict[str, int]) -> tuple[str, ...]:
    """The headings that a file lacks, as people write them."""
    return tuple(HEADINGS[name][0] for name in NEEDED if name not in found)
