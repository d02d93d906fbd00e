"""One parcel on the road with its events, and the pages' client. No account anywhere."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from tests.world import START
from yishi.feeds.models import Source
from yishi.feeds.port import Parsed, ParsedEvent
from yishi.feeds.queries.sources import get_source
from yishi.shipments.actions.take_in import take_parsed

WAYBILL_NO = "771200000018826"
ROAD = [
    ("accepted", 44, "杭州市", "", "【杭州余杭网点】已收件，揽投员 张三 13812345678"),
    ("arrived_hub", 11, "南京市", "", "到达【南京中转场】"),
    ("arrived_at_outlet", 5, "南京市", "025101", "到达【东山网点】"),
    ("out_for_delivery", 1, "南京市", "025101", "【东山网点】派件员 李四（电话 13912345678）正在派件"),
]


def take_road(waybill_no, *more):
    """The events of a parcel, through the one path that takes them in."""
    Source.objects.get_or_create(code="test", defaults={"plugin": "generic", "created_at": START})
    events = [
        ParsedEvent(
            waybill_no=waybill_no,
            kind=kind,
            happened_at=(START - timedelta(hours=hours)).astimezone(ZoneInfo("Asia/Shanghai")),
            carrier="yuantong",
            city=city,
            outlet=outlet,
            text=text,
        )
        for kind, hours, city, outlet, text in [*ROAD, *more]
    ]
    with transaction.atomic():
        take_parsed(source=get_source("test"), parsed=Parsed(events=events), at=START)


@pytest.fixture
def parcel(world):
    take_road(WAYBILL_NO)
    return WAYBILL_NO
