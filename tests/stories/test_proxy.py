"""A story: she lets her neighbour fetch one parcel. He sees that one and nothing else, the counter gives him
that one and no other, and she hears of it. A link that was taken back, is over or was used opens nothing."""

import re
from datetime import timedelta

import pytest

from tests.stations.making import PHONE, keeper, shelves, take_in
from tests.stories.conftest import text_of, work
from tests.web.desk.conftest import browser
from yishi.kit.clock import now
from yishi.network.actions import add_station
from yishi.notifications.models import Delivery
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER
from yishi.stations.models.handouts import CodeTry, HandOut
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.waiting import pickup_token

pytestmark = pytest.mark.django_db
FIRST, SECOND = "YT6190000000001", "YT6190000000002"
OUT = "/station/ST01/out"


@pytest.fixture
def by(told):
    shelves()
    return keeper()


@pytest.fixture
def mine(by):
    """何田's page of the first of her two parcels."""
    first = take_in(FIRST, by=by, at=now(), person_name="何田")
    take_in(SECOND, by=by, at=now(), person_name="何田")
    return f"/p/{pickup_token(first.parcel_id)}"


def counter():
    return browser(User.objects.get(username="keeper"))


def lets(mine, name="老何"):
    """The address that she passes on; it is shown to her once."""
    page = text_of(browser(None).post(f"{mine}/proxy", {"person": name}))
    assert "/pickup/by/" not in text_of(browser(None).get(mine))
    return re.search(r"http://[^<\s]+(/pickup/by/[\w-]+)", page)[1]


def give(desk, page):
    known = re.search(r'name="known" value="([^"]+)"', page)[1]
    parcels = re.findall(r'name="parcels" value="(\d+)"', page)
    return desk.post("/station/ST01/give", {"known": known, "parcels": parcels})


def test_he_fetches_it_and_she_hears_of_it(by, mine):
    link = lets(mine)
    page = text_of(browser(None).get(link))
    first, second = StationParcel.objects.order_by("pk")
    assert "东山驿站" in page and "请你代取一件快递" in page
    secrets = (PHONE, PHONE[-4:], "何田", "何*", FIRST, SECOND, first.code, second.code)
    assert not [one for one in secrets if one in page]
    desk = counter()
    found = text_of(desk.post(OUT, {"scan": f"http://testserver{link}"}))
    assert "代取链接对上了" in found and FIRST[-4:] in found and SECOND[-4:] not in found
    # asking for the other one as well gives neither
    known = re.search(r'name="known" value="([^"]+)"', found)[1]
    more = {"known": known, "parcels": [first.pk, second.pk]}
    assert desk.post("/station/ST01/give", more).status_code == 422
    assert not HandOut.objects.exists()
    assert give(desk, found).status_code == 302
    work()
    assert list(StationParcel.objects.order_by("pk").values_list("state", flat=True)) == [
        "HANDED_OUT", "INSIDE",
    ]  # fmt: skip
    told = [row.body for row in Delivery.objects.filter(kind="PICKUP").order_by("pk") if "老何" in row.body]
    assert len(told) == 1 and "代取" in told[0]
    assert "这件已经取走了" in text_of(browser(None).get(mine))
    assert "这件已经不在驿站了" in text_of(browser(None).get(link))

    again = desk.post(OUT, {"scan": link})
    assert again.status_code == 404 and "已经取走" in again.content.decode()
    assert HandOut.objects.count() == 1 and not CodeTry.objects.exists()


def refused(link, words, out=OUT):
    """Its scanner says why; the parcel stands where it stood, and it counts as no guess."""
    before = list(StationParcel.objects.order_by("pk").values_list("pk", "state"))
    answer = counter().post(out, {"scan": link})
    assert answer.status_code in (404, 409) and words in answer.content.decode()
    assert list(StationParcel.objects.order_by("pk").values_list("pk", "state")) == before
    assert not HandOut.objects.exists() and not CodeTry.objects.exists()


def test_taken_back(mine):
    link = lets(mine)
    desk = counter()
    found = text_of(desk.post(OUT, {"scan": link}))
    number = re.search(r'name="proxy" value="(\d+)"', text_of(browser(None).get(mine)))[1]
    assert browser(None).post(f"{mine}/revoke", {"proxy": number}).status_code == 302
    # he stands at the counter already: the keeper's page still shows it, and nothing is given
    late = give(desk, found)
    assert late.status_code == 409 and "收回" in late.content.decode()
    assert browser(None).get(link).status_code == 404
    refused(link, "收回了这个代取链接")


def test_over(mine, clock):
    link = lets(mine)
    clock.shift(timedelta(days=7))
    assert browser(None).get(link).status_code == 404
    refused(link, "过期了")


def test_at_the_wrong_station(by, mine):
    add_station(code="ST02", outlet_code="DS01", name="西山驿站", by=SYSTEM_VIEWER)
    refused(lets(mine), "东山驿站", "/station/ST02/out")
    made_up = counter().post(OUT, {"scan": "/pickup/by/abcdefghijklmnop"})
    assert made_up.status_code == 404 and CodeTry.objects.count() == 1, "a link nobody made is a guess"
