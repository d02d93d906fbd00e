"""Work orders of the sample: two sources, and a morning's rows of head office that the worker turns into
cases."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from yishi.cases.actions.work_order_rows import hand_in
from yishi.cases.actions.work_order_sources import add_order_source
from yishi.cases.queries.work_order_sources import get_order_source, list_order_sources
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sample.routes import Parcel

# type, what is said, hours until head office wants its answer
_SAID = (
    ("虚签投诉", "客户反馈显示签收但未收到，要求今天核实", 4),
    ("要求送货上门", "客户要求送货上门，不同意放驿站", 6),
    ("追究遗失", "三天没有更新，客户要求查找", 24),
    ("破损", "外箱破损，内件受潮，有照片", 24),
    ("催件派送", "客户出差前要收到，请优先派送", 3),
    ("冷链异常", "到货时冰袋已化", 12),
)


def build_work_orders(parcels: Sequence[Parcel], *, at: datetime) -> None:
    """Adds what is not there yet; the rows wait for the worker."""
    known = {source.code for source in list_order_sources(viewer=SYSTEM_VIEWER)}
    if "hq-orders" in known:
        return
    add_order_source(
        code="hq-orders", plugin="file", filed_as="HQ", label="总部工单表", by=SYSTEM_VIEWER, at=at
    )
    add_order_source(
        code="pdd-paste", plugin="paste", filed_as="PINDUODUO", label="拼多多工单", by=SYSTEM_VIEWER, at=at
    )
    source = get_order_source(code="hq-orders")
    rows = ["工单号,运单号,投诉类型,工单内容,收件人,联系电话,截止时间,处理状态"]
    for number, (parcel, (kind, text, hours)) in enumerate(zip(parcels, _SAID, strict=False), start=1):
        due = (at + timedelta(hours=hours)).astimezone(source.zone)
        person = parcel.consignee
        rows.append(
            f"HQ{at:%y%m%d}{number:04},{parcel.waybill_no},{kind},{text},{person.name},{person.phone},"
            f"{due:%Y-%m-%d %H:%M},待处理"
        )
    hand_in(
        source=source,
        way="FILE",
        body="\n".join(rows).encode(),
        name="总部工单.csv",
        is_confirmed=True,
        by=SYSTEM_VIEWER,
        at=at,
    )
