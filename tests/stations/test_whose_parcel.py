"""Whose a number is that no feed told of: the record, the letters on it, what comes here; else the keeper."""

import pytest

from tests.shipments.tracking import event, take
from tests.stations.making import keeper, shelves
from tests.web.desk.conftest import browser
from tests.world import START, add_person
from yishi.network.actions import add_carrier
from yishi.network.models import OutletCode
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.queries.recognition import forget_shares
from yishi.shipments.rules.recognition import Share, carriers_at, printed_carrier, rank_carriers
from yishi.stations.actions.book_in import Arrival, Held, book_in
from yishi.stations.models.parcels import StationParcel

ZTO, STO_OR_YUNDA, TWELVE = "73000000000001", "430000000000001", "444739949795"
LOCAL = frozenset({"yunda", "shentong", "zhongtong"})
OF_YUNDA = [Share("yunda", "43", 15, 400)]


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("YT6190000000001", "yuantong"),
        ("SF1234567890123", "shunfeng"),
        ("JDVA01234567890", "jd"),
        ("JT0000000000001", "jtexpress"),
        ("EA473124829CN", "ems"),
        ("EA473124828CN", ""),  # a wrong check digit proves nothing
        (ZTO, ""),
        ("AB12345678", ""),
    ],
)
def test_what_the_number_itself_says(number, carrier):
    assert printed_carrier(rank_carriers(number)) == carrier


@pytest.mark.parametrize(
    ("number", "served", "batch", "shares", "found"),
    [
        (ZTO, LOCAL, "", (), ["zhongtong"]),
        (ZTO, frozenset(), "", (), ["zhongtong"]),
        (ZTO, frozenset({"yunda"}), "", (), []),  # it does not come here
        (STO_OR_YUNDA, LOCAL, "", (), ["shentong", "yunda"]),
        (STO_OR_YUNDA, frozenset({"yunda"}), "", (), ["yunda"]),
        (STO_OR_YUNDA, LOCAL, "yunda", (), ["yunda"]),
        (STO_OR_YUNDA, LOCAL, "zhongtong", (), ["shentong", "yunda"]),  # the batch is no proof against it
        (STO_OR_YUNDA, LOCAL, "", OF_YUNDA, ["yunda"]),  # all that looks like it has been theirs
        ("99AB0000000001", LOCAL, "", (), []),
        ("99AB0000000001", LOCAL, "yunda", (), ["yunda"]),
        (TWELVE, frozenset({"shunfeng"}), "", (), []),  # twelve bare digits are too little
    ],
)
def test_among_whom_the_keeper_chooses(number, served, batch, shares, found):
    assert carriers_at(rank_carriers(number, shares), served=served, batch=batch) == found


@pytest.fixture
def by(world):
    forget_shares()
    shelves()
    for code, name in (("yunda", "韵达快递"), ("shentong", "申通快递")):
        carrier_id = add_carrier(code=code, name=name, by=SYSTEM_VIEWER)
        OutletCode.objects.create(outlet_id=world.dongshan_id, carrier_id=carrier_id, code=f"25{code}")
    yield keeper()
    forget_shares()


def carrier(number, by, **said):
    booked = book_in(station="ST01", arrival=Arrival(waybill_no=number, **said), by=by, at=START)
    kept = Shipment.objects.get(waybill_no=number, merged_into=None).carrier
    assert kept == (booked.carrier or "unknown")
    return booked.carrier


@pytest.mark.django_db
def test_the_order_of_the_evidence(by):
    take(event(STO_OR_YUNDA, carrier="yunda"))
    assert carrier(STO_OR_YUNDA, by, batch_carrier="shentong") == "yunda"
    assert carrier("YT6190000000001", by, carrier="zhongtong") == "yuantong"
    assert carrier(ZTO, by) == "zhongtong"
    assert carrier("99AB0000000001", by, carrier="中通") == "zhongtong"
    assert carrier("99AB0000000002", by) == ""


@pytest.mark.django_db
def test_two_that_fit_are_asked_about(by):
    with pytest.raises(Held) as asked:
        carrier(STO_OR_YUNDA, by)
    assert (asked.value.reason, asked.value.carriers) == ("carrier_unsure", ("shentong", "yunda"))
    assert not StationParcel.objects.exists() and not Shipment.objects.exists()
    assert carrier(STO_OR_YUNDA, by, carrier="yunda") == "yunda"
    assert carrier("430000000000002", by, batch_carrier="yunda") == "yunda"
    forget_shares()
    assert carrier("772345678901234", by, answered=frozenset({"carrier_unsure"})) == "shentong"
    assert carrier("431000000000003", by, answered=frozenset({"carrier_unsure"})) in ("", "yunda")


@pytest.mark.django_db
def test_the_keeper_chooses_with_one_touch_and_once_a_batch(by):
    page = browser(add_person("second", "店员", Role.STATION_KEEPER, "DS01"))
    asked = page.post("/station/ST01/in", {"scan": STO_OR_YUNDA})
    said = asked.content.decode()
    assert asked.status_code == 409 and said.count('name="carrier"') == 2 and "申通" in said
    answer = page.post("/station/ST01/in", {"scan": STO_OR_YUNDA, "carrier": "yunda"})
    assert answer.status_code == 200 and 'name="batch_carrier" value="yunda"' in answer.content.decode()
    scanned = page.post("/station/ST01/in", {"scan": "430000000000002", "batch_carrier": "yunda"})
    assert scanned.status_code == 200 and "韵达" in scanned.content.decode()
