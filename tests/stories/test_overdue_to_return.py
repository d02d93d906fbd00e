"""A story: a parcel that nobody fetches. Its person is told, reminded, keeps it longer, is rung, and in
the end it goes back with a signed list; nobody is left without a word."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.shipments.tracking import take
from tests.stations.making import PHONE, shelves
from tests.stories.conftest import photo, text_of, work
from tests.world import add_person
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.actions.stops import stop_parcel
from yishi.shipments.models.parcels import Shipment
from yishi.stations.actions.floor import Working, set_working
from yishi.stations.models.ladder import ReturnList
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.stays import story_of
from yishi.stations.queries.waiting import pickup_token

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000001"
HERE = ZoneInfo("Asia/Shanghai")
SENDER = "19900000031"
OVERDUE = "/station/ST01/overdue"


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def keeper(told, person):
    """东山驿站: five days and four more, a week free, then half a yuan a day; quiet from 21:30 to 8:00."""
    shelves()
    rule = Working(template="{shelf}-{layer}-{number:4}", fee_fen=50, fee_cap_fen=300)
    set_working(station="ST01", working=rule, by=SYSTEM_VIEWER, at=told_at())
    user = add_person("keeper", "许站长", Role.STATION_KEEPER, "DS01")
    return lambda: person(user)  # a keeper signs in anew every day


def told_at():
    return datetime(2026, 11, 22, 2, 0, tzinfo=HERE)


def local(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=HERE)


def until(clock, day, hour, minute=0):
    """The worker does all that falls due until then, at its time."""
    clock.move_to(local(day, hour, minute))
    work()
    work()


def arrives(keeper, number=NUMBER, phone=PHONE):
    answer = keeper().post("/station/ST01/in", {"scan": number, "phone": phone})
    assert answer.status_code == 200, answer
    return StationParcel.objects.get(shipment__waybill_no=number)


def heard(to=PHONE):
    """What has reached this telephone: when, and what."""
    rows = [row for row in Delivery.objects.filter(state="SENT").order_by("sent_at", "pk") if row.to == to]
    return [(row.sent_at.astimezone(HERE).replace(microsecond=0), row.body) for row in rows]


def kinds(page):
    """How many stand there of each kind, as the tabs of the page say it."""
    found = re.findall(r'href="\?kind=(\w+)".*?<span>(\d+)</span>', text_of(page), re.S)
    return {kind: int(count) for kind, count in found if count != "0"}


def test_nobody_fetches_it(keeper, person, clock, post):
    take(
        {"waybill_no": NUMBER, "carrier": "yuantong", "shipper": {"name": "陈老板", "phone": SENDER}},
        expects="shipments",
    )
    # Sunday, ten past ten in the evening: nobody is woken
    clock.move_to(local(22, 22, 10))
    stay = arrives(keeper)
    until(clock, 22, 22, 30)
    assert heard() == []
    until(clock, 23, 8, 1)
    ((at, words),) = heard()
    assert (at.hour, at.minute) == (8, 1) and stay.code in words
    mine = f"/p/{pickup_token(stay.pk)}"

    she_is_reminded_and_keeps_it_longer(person, clock, stay, mine)
    it_is_overdue_and_she_is_rung(keeper, clock, stay)

    # three days over: it goes back
    clock.move_to(datetime(2026, 12, 2, 9, 0, tzinfo=HERE))
    work()
    assert kinds(keeper().get(OVERDUE)) == {"TO_RETURN": 1}
    assert "¥1.50" in text_of(keeper().get(f"{OVERDUE}?kind=TO_RETURN"))
    assert "到现在 ¥1.50" in text_of(person().get(mine))
    it_goes_back(keeper, stay)
    work()
    everybody_knows(person, stay, mine)


def she_is_reminded_and_keeps_it_longer(person, clock, stay, mine):
    # two days later at the same hour: written at night, sent in the morning
    until(clock, 24, 22, 11)
    assert len(heard()) == 1
    until(clock, 25, 8, 0)
    at, words = heard()[-1]
    assert at == local(25, 8) and "还在东山驿站" in words and stay.code in words
    until(clock, 26, 10, 0)
    assert heard()[-1][0] == local(26, 10), "the day before the last"

    # she reads what it costs, and keeps it one day longer
    page = text_of(person().get(mine))
    assert "前 7 天免费，之后每天 ¥0.50，最多 ¥3.00" in page and "到现在" not in page
    longer = re.findall(r'name="until" value="([^"]+)"', page)
    assert len(longer) == 4
    assert person().post(f"{mine}/keep", {"until": longer[0]}).status_code == 302
    assert person().post(f"{mine}/keep", {"until": longer[0]}).status_code == 409, "once is once"
    stay.refresh_from_db()
    assert stay.keep_until == local(28, 23, 59)

    until(clock, 27, 10, 0)
    assert "28日23:59前取" in heard()[-1][1]


def it_is_overdue_and_she_is_rung(keeper, clock, stay):
    until(clock, 28, 23, 59)
    assert kinds(keeper().get(OVERDUE)) == {"NORMAL": 1}
    until(clock, 29, 0, 1)
    assert kinds(keeper().get(OVERDUE)) == {"OVERDUE": 1}
    until(clock, 29, 10, 0)
    at, words = heard()[-1]
    assert at == local(29, 10) and "超期" in words and "退回" in words
    assert "要打电话的" not in text_of(keeper().get(OVERDUE))

    # a day later a keeper is to ring her
    until(clock, 30, 10, 0)
    page = text_of(keeper().get(OVERDUE))
    assert "要打电话的" in page and PHONE not in page
    assert keeper().post(f"{OVERDUE}/rung/{stay.pk}", {"outcome": "?"}).status_code == 422
    assert keeper().post(f"{OVERDUE}/rung/{stay.pk}", {"outcome": "NO_ANSWER"}).status_code == 302
    assert "要打电话的" not in text_of(keeper().get(OVERDUE))
    clock.move_to(datetime(2026, 12, 1, 10, 0, tzinfo=HERE))
    work(), work()
    assert "昨天没人接" in text_of(keeper().get(OVERDUE))
    keeper().post(f"{OVERDUE}/rung/{stay.pk}", {"outcome": "REACHED"})
    at, words = heard()[-1]
    assert at == datetime(2026, 12, 1, 10, 0, tzinfo=HERE) and "1日23:59后退回" in words


def everybody_knows(person, stay, mine):
    assert Shipment.objects.get().milestone == "RETURNING"
    assert "退回" in heard()[-1][1] and "东山驿站" in heard()[-1][1]
    ((_at, words),) = heard(SENDER)
    assert "您寄的快递" in words and "东山驿站" in words and PHONE not in words
    track = text_of(person().get(f"/t/{NUMBER}"))
    assert "退回" in track and "无人领取，东山驿站已交回快递公司" in track
    assert "已经退回快递公司" in text_of(person().get(mine))
    assert [step.kind for step in story_of(stay.pk)] == [
        "RETURNED", "CALLED", "REMINDED", "CALLED", "REMINDED", "REMINDED",
        "EXTENDED", "REMINDED", "REMINDED", "BOOKED_IN",
    ]  # fmt: skip
    assert len(heard()) == 7, "one word a step, and no more"


def it_goes_back(keeper, stay):
    said = {"parcels": stay.pk, "carrier": "yuantong", "receiver": "刘师傅"}
    assert keeper().post(f"{OVERDUE}/back", {**said, "carrier": "zhongtong"}).status_code == 422
    assert not ReturnList.objects.exists()
    listed = keeper().post(f"{OVERDUE}/back", said).headers["Location"]
    page = text_of(keeper().get(listed))
    assert NUMBER in page and "刘师傅" in page and PHONE not in page
    bare = keeper().get(f"{listed}.pdf")
    assert bare["Content-Type"] == "application/pdf" and bare.content.startswith(b"%PDF")
    assert keeper().post(listed).status_code == 422, "a signature is a picture"
    assert keeper().post(listed, {"photos": photo("签字.jpg")}).status_code == 302
    assert "签字已存" in text_of(keeper().get(listed))
    signed = keeper().get(f"{listed}.pdf").content
    assert b"/Image" in signed and b"/Subtype /Image" not in bare.content
    assert keeper().post(listed, {"photos": photo("别的.jpg")}).status_code == 404, "signed is signed"
    assert "已签字" in text_of(keeper().get(OVERDUE))
    assert keeper().post(f"{OVERDUE}/back", said).status_code == 404 and ReturnList.objects.count() == 1


def test_the_six_kinds(keeper, person, clock, post):
    """One of each, told apart at once; whoever said that he does not want it is not reminded."""
    numbers = [f"YT619000000010{i}" for i in range(6)]
    normal, stopped, released, unwanted, nobody, broken = (
        arrives(keeper, number, "" if i == 4 else f"1990000004{i}") for i, number in enumerate(numbers)
    )
    stop_parcel(
        shipment_id=stopped.shipment_id, reason="INTERCEPTED", asked="RETURN", case_no="26112200000018",
        by=SYSTEM_VIEWER, at=told_at(),
    )  # fmt: skip
    clock.shift(timedelta(hours=1))
    # its carrier says signed, and it stands on the shelf
    signed_at = datetime.now(HERE).isoformat()
    take(
        {"waybill_no": numbers[2], "carrier": "yuantong", "kind": "delivered", "happened_at": signed_at},
        source="brand", at=datetime.now(HERE),
    )  # fmt: skip
    assert person().post(f"/p/{pickup_token(unwanted.pk)}/unwanted").status_code == 302
    StationParcel.objects.filter(pk=broken.pk).update(condition="DAMAGED")
    work()
    page = keeper().get(OVERDUE)
    assert kinds(page) == {"PROBLEM": 2, "RELEASED": 1, "TO_RETURN": 1, "UNKNOWN": 1, "NORMAL": 1}
    assert numbers[2] in text_of(keeper().get(f"{OVERDUE}?kind=RELEASED")).replace(" ", "")
    assert nobody.tail_hash is None and normal.state == released.state == "INSIDE"
    before = len(heard("19900000043"))
    clock.shift(timedelta(days=4))
    work(), work()
    assert len(heard("19900000043")) == before, "he does not want it"
    assert len(heard("19900000041")) == 1, "it is stopped: nobody is sent for it"
    assert len(heard("19900000040")) >= 2
