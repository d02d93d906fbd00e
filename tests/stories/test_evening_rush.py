"""A story: half past six at 东山驿站. People draw tickets, take their parcels themselves at the
machine, watch the wall; who was failed last time goes first; and whoever has his parcel says
with one touch how it was."""

import re
from datetime import timedelta

import pytest

from tests.stations.making import keeper, shelves, take_in
from tests.stories.conftest import text_of
from tests.web.desk.conftest import browser
from yishi.cases.actions.open import open_case
from yishi.kit.clock import now
from yishi.people.models import User
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.stations.actions.identify import one_time_secret
from yishi.stations.actions.queue_setup import make_link
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.queue import QueueTicket
from yishi.stations.queries.waiting import pickup_token
from yishi.stations.rules.moments import shown

pytestmark = pytest.mark.django_db
HERE = "/station/ST01"
FAILED = "YT6190000000107"


@pytest.fixture
def evening(told, clock):
    """Seven parcels of seven people; 18:30."""
    shelves()
    by = keeper()
    clock.shift(timedelta(hours=8, minutes=30))
    for n in range(1, 8):
        take_in(f"YT619000000010{n}", by=by, at=now(), phone=f"1990000006{n}")
    return by


def machine(kind, by):
    link = make_link(station="ST01", kind=kind, by=by, at=now())
    client = browser(None)
    client.get(f"/station/open/{link.token}")
    return client, link.token


def keeper_does(deed, **said):
    client = browser(User.objects.get(username="keeper"))
    return text_of(client.post(f"{HERE}/queue/{deed}", said, follow=True))


def stay(n):
    return StationParcel.objects.get(shipment__waybill_no=f"YT619000000010{n}")


def draws(line, n):
    """The page of a person's own ticket."""
    answer = browser(None).post(f"/station/line/{line}", {"client_id": f"p{n}"}, follow=True)
    return answer.redirect_chain[-1][0], text_of(answer)


def the_line_moves(clock, times):
    """The keeper serves so many, each in a minute and a half; what stands at the counter then."""
    for _ in range(times):
        here = QueueTicket.objects.filter(state="CALLED").values_list("pk", flat=True).first() or 0
        keeper_does("next", counter="1", ticket=str(here))
        clock.shift(timedelta(seconds=90))


def test_half_past_six(evening, clock, told):
    wall, _ = machine("SCREEN", evening)
    kiosk, _ = machine("KIOSK", evening)
    _, line = machine("LINE", evening)
    keeper_does("counters", counters="1")
    for n in range(7):
        draws(line, n)
    mine, page = draws(line, 7)
    assert "A008" in page and "前面" in page, "nothing measured: no wait is promised"
    assert not re.search(r"约 \d", page)
    the_line_moves(clock, 6)
    page = text_of(browser(None).get(mine))
    assert re.search(r"\d+ 分钟", page), "five services were measured: now a wait is said"
    news = text_of(wall.get("/station/screen"))
    assert "A006" in news and "A007" in news and "A008" in news and "1990000" not in news

    he_serves_himself(kiosk, clock)
    who_was_failed_goes_first(kiosk, told, clock)
    it_was_good(clock)


def he_serves_himself(kiosk, clock):
    """By the minute's QR of his page; the one of three minutes ago opens nothing; and by the code."""
    old = shown(one_time_secret(), stay(1).pk, now())
    clock.shift(timedelta(minutes=3))
    assert kiosk.post(f"{HERE.rpartition('/')[0]}/kiosk", {"code": old}).status_code == 404
    text = shown(one_time_secret(), stay(1).pk, now())
    for code in (text, stay(2).code):
        found = kiosk.post("/station/kiosk", {"code": code})
        done = text_of(kiosk.post("/station/kiosk/take", {"known": found.context["known"]}))
        assert "1 件取好了" in done
    assert [row.how for row in HandOut.objects.order_by("pk")] == ["DYNAMIC", "CODE"]
    assert kiosk.post("/station/kiosk", {"code": stay(2).code}).status_code == 404, "once is once"


def who_was_failed_goes_first(kiosk, told, clock):
    """Last time nobody found her parcel: the machine gives her the next number, and the keeper reads why."""
    (ref,) = find_shipment_refs(FAILED)
    open_case(
        waybill_no=FAILED, category="PARCEL_NOT_FOUND", text="上次说找不到", shipment=ref,
        contact_id=told.contact_id, by=None, at=now() - timedelta(days=1),
    )  # fmt: skip
    helped = text_of(kiosk.post("/station/kiosk/help", {"client_id": "h", "waybill_no": FAILED}))
    assert "A009" in helped and "这次先办" in helped
    here = QueueTicket.objects.get(state="CALLED").pk
    page = keeper_does("next", counter="1", ticket=str(here))
    assert QueueTicket.objects.get(state="CALLED").number == 9 and "上次没找到件" in page


def it_was_good(clock):
    """One touch on the page of the message; once; and the station reads it in its week."""
    good, bad = f"/p/{pickup_token(stay(1).pk)}", f"/p/{pickup_token(stay(2).pk)}"
    waiting = f"/p/{pickup_token(stay(3).pk)}"
    assert browser(None).post(f"{good}/rate", {"score": "5"}).status_code == 302
    assert browser(None).post(f"{good}/rate", {"score": "1"}).status_code == 409
    assert browser(None).post(f"{bad}/rate", {"score": "7"}).status_code == 422
    assert browser(None).post(f"{bad}/rate", {"score": "1"}).status_code == 302
    assert browser(None).post(f"{waiting}/rate", {"score": "5"}).status_code == 409
    score = text_of(browser(User.objects.get(username="keeper")).get(f"{HERE}/score"))
    assert "顺利" in score and "50.0%" in score and "1 / 2" in score
    clock.shift(timedelta(days=15))
    assert browser(None).post(f"{bad}/rate", {"score": "5"}).status_code == 409
