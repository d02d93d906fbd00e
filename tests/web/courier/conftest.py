"""刘师傅 with parcels out today, and another courier of the same outlet with one of his own."""

import pytest
from django.test import Client

from tests.web.desk.conftest import browser
from tests.world import CONSUMER_PHONE, World, add_person
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import replace_preferences
from yishi.kit.clock import now
from yishi.network.actions import add_courier
from yishi.network.models import Courier
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.parcels import Shipment, ShipmentDetails

MINE, FOREIGN, PLAIN = "YT9900000000011", "YT9900000000012", "YT9900000000013"
STREET = "江宁区东山街道翠屏山 12 栋 2 单元 1203"


def out(world: World, waybill_no: str, courier: str = "YT0001", **details: object) -> Shipment:
    """A parcel that went out a moment ago under that number."""
    parcel = Shipment.objects.create(
        waybill_no=waybill_no, carrier="yuantong", milestone="OUT_FOR_DELIVERY", moved_at=now(),
        last_event_at=now(), courier_number=courier, outlet_id=world.dongshan_id,
    )  # fmt: skip
    said = {"address": STREET, "consignee_id": world.contact_id, **details}
    ShipmentDetails.objects.create(shipment=parcel, updated_at=now(), **said)
    return parcel


def wish(*kinds: str) -> None:
    said = [Wish(kind=kind, source="self") for kind in kinds]
    replace_preferences(phone=CONSUMER_PHONE, wishes=said, by=SYSTEM_VIEWER, at=now())


def begin_day(world: World) -> Client:
    """刘师傅, signed in; he has one parcel with wishes, one without, and a mate has a third."""
    user = add_person("liu", "刘师傅", Role.COURIER, "DS01")
    Courier.objects.filter(pk=world.courier_id).update(user=user)
    said = {"outlet_code": "DS01", "name": "马师傅", "phone": "19900000012"}
    add_courier(**said, numbers={"yuantong": "YT0002"}, by=SYSTEM_VIEWER)
    out(world, MINE, goods="水果礼盒")
    out(world, PLAIN, consignee_id=None)
    out(world, FOREIGN, courier="YT0002")
    wish("NO_LOCKER", "VOICE_CALL")
    return browser(user)


@pytest.fixture
def liu(world: World) -> Client:
    return begin_day(world)
