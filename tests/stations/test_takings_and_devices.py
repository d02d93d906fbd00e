"""Parcels in wrong hands; scan-and-photo machines; packing materials."""

from datetime import timedelta
from io import BytesIO

import pytest

from tests.security.conftest import photo
from tests.stations.making import card_of, keeper, shelves, take_in
from tests.world import START
from yishi.cases.models.case import Case
from yishi.kit.errors import Invalid
from yishi.kit.files import Upload
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.stops import stop_parcel
from yishi.stations.actions import devices
from yishi.stations.actions.devices import (
    NoSuchDevice,
    Push,
    add_device,
    device_of_key,
    revoke_device,
    take_push,
)
from yishi.stations.actions.hand_out import Handing, NotGiven, hand_out
from yishi.stations.actions.identify import WrongCode
from yishi.stations.actions.materials import NotSoMuch, keep_material, move_material, set_low
from yishi.stations.actions.takings import NotNear, NotTakenHere, ask_taker, end_taking, mark_wrong_taking
from yishi.stations.models.devices import DevicePush
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.materials import list_materials
from yishi.stations.queries.takings import access_taking

pytestmark = pytest.mark.django_db
A, B, C = (f"YT619000000000{n}" for n in (1, 2, 3))


@pytest.fixture
def by(world):
    shelves()
    return keeper()


def give(by, booked, at):
    hand_out(card=card_of(by), handing=Handing(asked_for=booked.parcel_id, how="CODE"), by=by, at=at)


def test_who_was_there_is_asked_once_and_the_owner_hears(by):
    mine, near = take_in(A, by=by), take_in(B, by=by, phone="19900000022")
    far = take_in(C, by=by, phone="19900000023")
    give(by, mine, START + timedelta(hours=5))
    give(by, near, START + timedelta(hours=5, minutes=3))
    give(by, far, START + timedelta(hours=9))
    at = START + timedelta(hours=10)
    taking_id = mark_wrong_taking(card=card_of(by), parcel_id=mine.parcel_id, note="", by=by, at=at)
    assert mark_wrong_taking(card=card_of(by), parcel_id=mine.parcel_id, note="", by=by, at=at) == taking_id
    case = Case.objects.get()
    found = access_taking(card_of(by), taking_id, at=at)
    assert (case.category, case.is_internal, found.case_no) == ("TAKEN_BY_OTHER", False, case.case_no)
    assert [line.waybill_no for line, _asked in found.candidates] == [B]
    asked = {"card": card_of(by), "taking_id": taking_id, "by": by, "at": at}
    with pytest.raises(NotNear):
        ask_taker(**asked, parcel_id=far.parcel_id)
    assert ask_taker(**asked, parcel_id=near.parcel_id) and not ask_taker(**asked, parcel_id=near.parcel_id)
    letter = Delivery.objects.get(kind="INCIDENT")
    assert "东山驿站" in letter.body and A not in letter.body
    end_taking(**asked)
    assert case.entries.order_by("pk").last().text.startswith("包裹已经送回东山驿站")


def test_what_was_returned_was_not_taken(by):
    booked = take_in(A, by=by)
    StationParcel.objects.filter(pk=booked.parcel_id).update(state="RETURNED", ended_at=START)
    with pytest.raises(NotTakenHere):
        mark_wrong_taking(card=card_of(by), parcel_id=booked.parcel_id, note="", by=by, at=START)
    assert not Case.objects.exists()


@pytest.fixture
def device(by):
    _id, key = add_device(station="ST01", label="门口那台", by=SYSTEM_VIEWER, at=START)
    return device_of_key(key)


def picture():
    file = photo()
    return Upload(name="a.jpg", content_type="image/jpeg", stream=BytesIO(file.read()))


def push(device, number=A, push_id="p1", *, at=START, **said):
    return take_push(
        device=device,
        push=Push(push_id=push_id, waybill_no=number, **said),
        photo=picture(),
        by=SYSTEM_VIEWER,
        at=at,
    )


def test_a_machine_gives_away_with_the_photo_once(by, device):
    take_in(A, by=by)
    take_in(B, by=by)
    ahead = START + timedelta(hours=3)
    done = push(device, device_at=ahead, sent_at=ahead)
    assert (done.state, done.waybill_nos, done.offset_ms) == ("DONE", (A,), 3 * 3600_000)
    given = HandOut.objects.get()
    assert given.file_id == DevicePush.objects.get().file_id and given.at == START and given.how == "DEVICE"
    assert push(device).waybill_nos == (A,) and HandOut.objects.count() == 1
    with pytest.raises(devices.PushDiffers):
        push(device, B)


def test_power_cut_between_photo_and_hand_out(by, device, monkeypatch):
    """The photo is kept and nothing given; the same push goes on. A cut after the hand-out: not twice."""
    take_in(A, by=by)
    whole = devices._hand_out

    def cut(*_args):
        raise RuntimeError("power")

    monkeypatch.setattr(devices, "_hand_out", cut)
    with pytest.raises(RuntimeError):
        push(device)
    assert DevicePush.objects.get().state == "WAITING" and not HandOut.objects.exists()
    monkeypatch.setattr(devices, "_hand_out", whole)
    assert push(device).state == "DONE"
    DevicePush.objects.update(state="WAITING", hand_out=None)
    assert push(device).state == "DONE" and HandOut.objects.count() == 1


def test_a_machine_is_refused_like_a_keeper(by, device):
    take_in(A, by=by)
    other = take_in(B, by=by, phone="19900000022")
    stay = StationParcel.objects.get(pk=other.parcel_id)
    stop_parcel(shipment_id=stay.shipment_id, reason="WANTED_BY_CASE", by=SYSTEM_VIEWER, at=START)
    with pytest.raises(NotGiven):
        push(device, B)
    with pytest.raises(devices.NotTheirs):
        push(device, B, "p2", code="12-1-0001")
    with pytest.raises(devices.NotHere):
        push(device, C, "p3")
    with pytest.raises(WrongCode):
        push(device, "", "p4", code="9-9-9999")
    assert not HandOut.objects.exists() and set(DevicePush.objects.values_list("state", flat=True)) == {
        "REFUSED"
    }


def test_nothing_is_taken_without_photo_number_or_key(by, device):
    with pytest.raises(Invalid):
        said = Push(push_id="p", waybill_no=A)
        take_push(device=device, push=said, photo=None, by=SYSTEM_VIEWER, at=START)
    with pytest.raises(Invalid):
        push(device, "??")
    revoke_device(station="ST01", device_id=device.pk, by=SYSTEM_VIEWER, at=START)
    with pytest.raises(NoSuchDevice):
        device_of_key("yd_x")
    assert not DevicePush.objects.exists()


def test_materials_are_bought_used_and_run_low(by):
    keep_material(
        station="ST01", code="box-s", label="三号纸箱", unit="个", goods=["易碎品"], by=by, at=START
    )
    said = {"card": card_of(by), "code": "BOX-S", "by": by, "at": START}
    assert move_material(**said, change=10) == 10
    take_in(A, by=by)
    assert move_material(**said, change=-8, waybill_no=A) == 2
    with pytest.raises(NotSoMuch):
        move_material(**said, change=-3)
    set_low(card=card_of(by), code="BOX-S", low_at=2, by=by, at=START)
    (line,) = list_materials(card_of(by))
    assert (line.left, line.is_low, line.goods) == (2, True, ["易碎品"])
