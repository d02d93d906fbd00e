"""Looking up a parcel as staff: masked, within sight, and a case for somebody on the telephone."""

import pytest
from django.db import transaction
from django.test import Client

from tests.web.desk.conftest import browser, open_at
from tests.world import CONSUMER_PHONE, START, World, add_person
from yishi.cases.models.case import Case
from yishi.cases.queries.cards import CaseCard, get_case
from yishi.feeds.actions.sources import add_source
from yishi.feeds.port import Parsed, ParsedEvent
from yishi.feeds.queries.sources import get_source
from yishi.kit.clock import now
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.actions.contacts import record_contact
from yishi.shipments.actions.take_in import take_parsed

NUMBER = "771200000017402"
CALL = {
    "waybill_no": NUMBER,
    "category": "URGE",
    "text": "今天能到吗",
    "phone": "199 0000 0022",
    "name": "赵先生",
}


@pytest.fixture
def parcel(world: World) -> str:
    """Arrived at Dongshan."""
    add_source(code="own", plugin="generic", settings={}, by=SYSTEM_VIEWER, at=now())
    arrived = ParsedEvent(
        waybill_no=NUMBER,
        kind="arrived_at_outlet",
        happened_at=START,
        carrier="yuantong",
        city="南京市",
        outlet="025101",
        text="到达【东山网点】",
    )
    with transaction.atomic():
        take_parsed(source=get_source("own"), parsed=Parsed(events=[arrived]), at=START)
    return NUMBER


def test_a_number_leads_to_its_parcel(lin: Client, parcel: str) -> None:
    assert lin.get("/desk/parcels", {"q": "7712 0000 0017 402"})["Location"] == f"/desk/parcels/{NUMBER}"
    text = lin.get(f"/desk/parcels/{NUMBER}").content.decode()
    assert "到达派送网点" in text and "立工单" in text


def test_what_a_source_reckons_is_told_apart_from_scans(lin: Client, parcel: str) -> None:
    assert "数据来源推算，不是扫描" not in lin.get(f"/desk/parcels/{NUMBER}").content.decode()
    late = ParsedEvent(
        waybill_no=NUMBER, kind="delayed", happened_at=START, carrier="yuantong", city="徐州市"
    )
    with transaction.atomic():
        take_parsed(source=get_source("own"), parsed=Parsed(events=[late]), at=START)
    text = lin.get(f"/desk/parcels/{NUMBER}").content.decode()
    assert text.count("数据来源推算，不是扫描") == 1
    assert text.count("徐州市") == 1


def test_whose_a_number_may_be_is_said_with_what_speaks_for_it(lin: Client, world: World) -> None:
    text = lin.get("/desk/parcels", {"q": "YT9900000000099"}).content.decode()
    assert "看号码可能是圆通（开头字母是它的，位数和开头像它的）" in text


def test_an_unknown_number_says_so_and_still_takes_the_call(lin: Client, world: World) -> None:
    text = lin.get("/desk/parcels", {"q": "999900001111222"}).content.decode()
    assert "没有找到这个运单" in text and 'value="999900001111222"' in text


def test_a_parcel_of_another_outlet_is_not_there(he: Client, parcel: str) -> None:
    assert he.get(f"/desk/parcels/{NUMBER}").status_code == 404
    assert he.get("/desk/parcels", {"q": NUMBER}).status_code == 200


def test_whoever_has_its_case_sees_the_parcel(he: Client, world: World, parcel: str) -> None:
    open_at(world.jiangning_id)
    assert he.get(f"/desk/parcels/{NUMBER}").status_code == 200


def test_a_call_becomes_a_case_from_the_telephone(lin: Client, parcel: str) -> None:
    answer = lin.post("/desk/calls", CALL)
    case = Case.objects.get()
    assert answer["Location"] == f"/desk/cases/{case.case_no}?done=call"
    assert (case.source, case.waybill_no, get_case(case.pk).outlet_code) == ("PHONE", NUMBER, "DS01")


def test_a_call_for_another_outlet_is_handed_there(he: Client, parcel: str) -> None:
    answer = he.post("/desk/calls", CALL)
    case = Case.objects.get()
    assert answer["Location"] == f"/desk/parcels?done={case.case_no}"
    assert "归别的网点" in he.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("wrong", [{"phone": ""}, {"text": " "}, {"category": "NONSENSE"}])
def test_a_refused_call_keeps_what_was_typed(lin: Client, parcel: str, wrong: dict[str, str]) -> None:
    answer = lin.post("/desk/calls", CALL | wrong)
    text = answer.content.decode()
    assert answer.status_code == 422 and "你写的都还在" in text and "赵先生" in text
    assert not Case.objects.exists()


def test_couriers_look_up_but_open_no_cases(world: World, parcel: str) -> None:
    client = browser(add_person("liu", "刘师傅", Role.COURIER, "DS01"))
    assert client.get("/desk/sign-in")["Location"] == "/desk/parcels"
    text = client.get(f"/desk/parcels/{NUMBER}").content.decode()
    assert "到达派送网点" in text and "立工单" not in text
    assert client.post("/desk/calls", CALL).status_code == 403
    assert not Case.objects.exists()


def test_attempts_are_told_without_telephone_numbers(lin: Client, world: World, parcel: str) -> None:
    record_contact(
        waybill_no=NUMBER, carrier="yuantong", kind="CALL", outcome=f"没人接 {CONSUMER_PHONE}",
        courier="YT0001", made_at=START, at=now(), by=SYSTEM_VIEWER,
    )  # fmt: skip
    text = lin.get(f"/desk/parcels/{NUMBER}").content.decode()
    assert "打了电话" in text and "没人接" in text and CONSUMER_PHONE not in text


@pytest.mark.parametrize("address", ["/desk/nosuch", "/desk/cases", "/manage/nosuch"])
def test_an_unknown_address_keeps_the_rail(lin: Client, case: CaseCard, address: str) -> None:
    answer = lin.get(address)
    assert answer.status_code == 404
    assert "没找到这一页" in answer.content.decode() and "y-rail" in answer.content.decode()
