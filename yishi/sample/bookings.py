"""One corporate shipper with its named contact; a few bookings of its own and of people at the counter."""

from datetime import datetime, time, timedelta

from yishi.network.actions import ShipperTerms, keep_shipper
from yishi.network.queries import list_shippers
from yishi.people.rules import SYSTEM_VIEWER, Viewer
from yishi.sample.cast import MERCHANTS
from yishi.sample.network import agent_of
from yishi.shipments.actions.bookings import Desk, book_checked
from yishi.shipments.queries.bookings import list_bookings
from yishi.shipments.queries.goods import running_book
from yishi.shipments.rules.bookings import Order, Party, check_order

_CODE, _NAME, _OUTLET, _GOODS = MERCHANTS[0]
_TO = (
    (
        "A-2001",
        "周示例",
        "19900000301",
        "浙江省杭州市余杭区仓前街道示例花园3栋1单元602室",
        "茶叶礼盒",
        26_800,
    ),
    ("A-2002", "吴示例", "19900000302", "江苏省苏州市姑苏区平江街道示例小区8栋1203室", "紫砂茶具", 58_000),
    ("A-2003", "郑示例", "19900000303", "上海市浦东新区示例路500弄12号501室", "茶叶礼盒", None),
)
_COUNTER = (
    ("孙示例", "19900000304", "江苏省南京市鼓楼区示例路18号", "生日蛋糕", None),
    ("李示例", "19900000305", "安徽省滁州市来安县示例镇李庄村", "腊肉特产", None),
)


def build_bookings(*, agent: Viewer, at: datetime) -> None:
    """The shipper is kept again each time; bookings are made once."""
    terms = ShipperTerms(
        code=_CODE, name=_NAME, outlet_code=_OUTLET, contact_name="沈示例", contact_phone="19900000300",
        agent=agent_of(_OUTLET), cut_off=time(17, 30),
    )  # fmt: skip
    keep_shipper(terms=terms, by=SYSTEM_VIEWER)
    shipper = next(one for one in list_shippers(SYSTEM_VIEWER) if one.code == _CODE)
    if list_bookings(viewer=SYSTEM_VIEWER, limit=1):
        return
    own, book = Party("沈示例", "19900000300"), running_book()
    of_shipper = [_order(own, Party(*to[1:4]), to[4], to[5], to[0]) for to in _TO]
    walk_in = Party("王示例", "19900000306", "江苏省南京市鼓楼区示例路2号")
    at_counter = [_order(walk_in, Party(*to[:3]), to[3], to[4], "") for to in _COUNTER]
    here = {"outlet_id": shipper.outlet_id}
    for orders, desk in (
        (of_shipper, Desk(source="FILE", merchant_id=shipper.id, **here)),
        (at_counter, Desk(source="HAND", **here)),
    ):
        checked = [check_order(order, book) for order in orders]
        book_checked(checked=checked, desk=desk, by=agent, at=at - timedelta(hours=3))


def _order(sender: Party, receiver: Party, goods: str, fen: int | None, reference: str) -> Order:
    return Order(
        sender=sender,
        receiver=receiver,
        goods=goods,
        declared_value_fen=fen,
        reference=reference,
        is_asked=True,
    )
