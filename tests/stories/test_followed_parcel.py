"""A parcel nobody told us of: looked for, asked about, lost by the source, asked about again, signed."""

import json
from urllib.parse import urlencode

import pytest

from tests.fakes.aggregators import aggregator
from tests.feeds.following import AT, NUMBER, add_asked, sweep
from yishi.feeds.models import Subscription
from yishi.shipments.models.parcels import Shipment

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(clock):
    clock.move_to(AT)
    with aggregator() as server:
        yield server


def push(client, path, status, *scans):
    data = [{"ftime": time, "context": text, "statusCode": code} for time, text, code in scans]
    result = {"nu": NUMBER, "com": "yuantong", "data": data}
    param = json.dumps({"status": status, "message": "3天查询无记录", "lastResult": result})
    said = client.post(path, urlencode({"param": param}), content_type="application/x-www-form-urlencoded")
    assert said.json()["returnCode"] == "200"


def states():
    return list(Subscription.objects.values_list("waybill_no", "carrier", "state"))


def test_a_parcel_that_nobody_told_us_of(client, fake):
    path = add_asked(fake, is_following=True)
    assert client.get(f"/t/{NUMBER}").status_code == 404
    assert (states(), fake.asked) == ([(NUMBER, "", "WANTED")], []), "the page waits for nobody"
    sweep()
    (_, form, _), said = fake.asked[0], json.loads(fake.asked[0][1]["param"])
    assert (form["schema"], said["parameters"]["autoCom"]) == ("json", "1")
    assert said["parameters"]["callbackurl"].endswith(path)
    push(client, path, "abort")
    assert (sweep(minutes=29), sweep(minutes=30), len(fake.asked)) == (0, 1, 2)
    scan = ("2026-11-21 09:00:00", "已揽收", "1")
    push(client, path, "polling", scan)
    assert client.get(f"/t/{NUMBER}").status_code == 200
    push(client, path, "shutdown", scan, ("2026-11-21 18:00:00", "已签收", "301"))
    assert states() == [(NUMBER, "", "ENDED")]
    assert Shipment.objects.get(waybill_no=NUMBER).milestone == "DELIVERED"
    assert sweep(days=41) == 0


@pytest.mark.parametrize("asked", ["19900000001", "YT1", f"{NUMBER}?carrier=zhongtong"])
def test_what_a_stranger_types_is_not_always_asked_about(client, fake, asked):
    add_asked(fake, is_following=True)
    client.get(f"/t/{asked}")
    assert states() == []


def test_looking_again_asks_nobody_again(client, fake):
    add_asked(fake, is_following=True)
    for _ in range(3):
        client.get(f"/t/{NUMBER}")
    assert len(states()) == 1
    assert (sweep(), sweep(), len(fake.asked)) == (1, 0, 1)
