"""A small named cast for tests: two brands, two outlets in Nanjing, the people who work there, one consumer.

Everything is made by the rooms' own actions. Use the fixture `world`, or `make_world()` where there is none.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from yishi.consignees.actions.contacts import keep_contacts
from yishi.consignees.rules import ContactRow
from yishi.network.actions import (
    add_carrier,
    add_contract_area,
    add_courier,
    add_merchant,
    add_outlet,
    add_region,
    add_service_area,
    add_station,
)
from yishi.people.actions import add_user
from yishi.people.models import User
from yishi.people.queries import viewer_of_user
from yishi.people.rules import SYSTEM_VIEWER, Role, Viewer

START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""Sunday, ten in the morning in Shanghai."""

PASSWORD = "dao-yi-zhan-ma"
PIN = "135790"
CONSUMER_PHONE = "19900000001"
DONGSHAN_PHONE = "025-00000101"
JIANGNING_PHONE = "025-00000102"


@dataclass(frozen=True)
class World:
    """Ids and people of the cast; `viewer(user)` is what a page would make of a person."""

    dongshan_id: int
    jiangning_id: int
    courier_id: int
    merchant_id: int
    contact_id: int
    zhou: User
    lin: User
    he: User
    quality: User
    owner: User
    operator: User

    def viewer(self, user: User) -> Viewer:
        return viewer_of_user(user)


def make_world() -> World:
    """The whole cast, fresh."""
    make_places()
    consumer = ContactRow(name="王女士", phone=CONSUMER_PHONE)
    (contact_id,) = keep_contacts([consumer], START)
    assert contact_id is not None
    return World(
        dongshan_id=_outlet("DS01", "东山网点", DONGSHAN_PHONE, {"yuantong": "025101", "zhongtong": "25101"}),
        jiangning_id=_outlet(
            "JN01", "江宁网点", JIANGNING_PHONE, {"yuantong": "025102", "zhongtong": "25102"}
        ),
        courier_id=_serve(),
        merchant_id=add_merchant(code="M01", name="云锦小店", outlet_code="DS01", by=SYSTEM_VIEWER),
        contact_id=contact_id,
        zhou=add_person("zhou", "周站长", Role.OUTLET_MANAGER, "DS01"),
        lin=add_person("lin", "林客服", Role.AGENT, "DS01"),
        he=add_person("he", "何客服", Role.AGENT, "JN01"),
        quality=add_person("zhikong", "总部质控", Role.QUALITY),
        owner=add_person("laoban", "老板", Role.OWNER),
        operator=add_person("yunwei", "运维", Role.OPERATOR),
    )


def make_places() -> None:
    """The brands and the region; the outlets follow."""
    add_carrier(code="yuantong", name="圆通速递", hotline="95554", by=SYSTEM_VIEWER)
    add_carrier(code="zhongtong", name="中通快递", hotline="95311", by=SYSTEM_VIEWER)
    add_region(code="NJ", name="南京片区", by=SYSTEM_VIEWER)


def _outlet(code: str, name: str, phone: str, carrier_codes: dict[str, str]) -> int:
    return add_outlet(
        code=code,
        name=name,
        phone=phone,
        region_code="NJ",
        province="江苏省",
        city="南京市",
        district="江宁区",
        address=f"南京市江宁区{name[:2]}街道 1 号",
        carrier_codes=carrier_codes,
        by=SYSTEM_VIEWER,
        at=START,
    )


def _serve() -> int:
    """What the outlets serve, Dongshan's station and its courier 刘师傅 (YT0001, ZT0001)."""
    add_service_area(outlet_code="DS01", city="南京市", district="江宁区", keyword="东山", by=SYSTEM_VIEWER)
    add_service_area(outlet_code="JN01", city="南京市", district="江宁区", by=SYSTEM_VIEWER)
    add_contract_area(outlet_code="DS01", code="A1", name="东山老街", by=SYSTEM_VIEWER)
    add_station(code="ST01", outlet_code="DS01", name="东山驿站", by=SYSTEM_VIEWER)
    return add_courier(
        outlet_code="DS01",
        name="刘师傅",
        phone="19900000011",
        numbers={"yuantong": "YT0001", "zhongtong": "ZT0001"},
        contract_area_code="A1",
        by=SYSTEM_VIEWER,
    )


def add_person(username: str, name: str, role: Role, *outlet_codes: str) -> User:
    """One more member of staff, with the cast's password and PIN."""
    return add_user(
        username=username,
        name=name,
        password=PASSWORD,
        pin=PIN,
        role=role,
        outlet_codes=outlet_codes,
        email=f"{username}@example.cn",
        by=SYSTEM_VIEWER,
        at=START,
    )
