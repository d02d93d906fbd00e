"""The courier's telephone sends what it kept: once, in order, with the time of the deed; refusals stay."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.security.conftest import database_print, photo
from tests.web.courier.conftest import FOREIGN, MINE, PLAIN
from tests.web.desk.conftest import browser
from tests.world import World, add_person
from yishi.kit.clock import now
from yishi.network.actions import set_full_mode
from yishi.network.models import Courier
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.parcels import ContactAttempt, Shipment, TrackingEvent
from yishi.shipments.models.rounds import CourierDeed, DeliveryProof, RoundOrder
from yishi.web.courier.visits import visits_from


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def deed(what: str, waybill_no: str = MINE, *, minutes: float = 5, **said: object) -> dict[str, object]:
    """A deed of some minutes ago by a telephone whose clock is right."""
    at = now()
    about = {"deed": what, "deed_id": str(uuid4()), "waybill_no": waybill_no, "sent_at": at.isoformat()}
    return about | {"made_at": (at - timedelta(minutes=minutes)).isoformat()} | said


def send(client: Client, said: dict[str, object]) -> dict[str, str]:
    return client.post("/courier/deeds", said).json()


def switch_on(world: World) -> None:
    set_full_mode(code="DS01", is_full_mode=True, by=SYSTEM_VIEWER, at=now())
    Shipment.objects.update(moved_at=now() - timedelta(minutes=30))


def test_a_deed_sent_twice_is_done_once_and_answered_the_same(liu: Client) -> None:
    said = deed("not_home", visit=visits_from(now())[-1].key)
    first, second = (send(liu, said | {"photos": photo()}) for _time in range(2))
    assert first == second and first["state"] == "done" and MINE in first["go"]
    made = ContactAttempt.objects.get()
    assert made.at < made.recorded_at - timedelta(minutes=4) and CourierDeed.objects.count() == 1
    changed = liu.post("/courier/deeds", said | {"visit": "x", "photos": photo()})
    assert changed.status_code == 422 and changed.json()["code"] == "deed_changed"


def test_a_wrong_clock_is_put_right_and_marked(liu: Client) -> None:
    away = timedelta(hours=9)
    early = deed("contact", kind="CALL")
    early |= {
        "sent_at": (now() - away).isoformat(),
        "made_at": (now() - away - timedelta(hours=1)).isoformat(),
    }
    assert send(liu, early)["state"] == "done"
    row = CourierDeed.objects.get()
    assert abs(row.offset_s - away.total_seconds()) < 60 and not row.is_doubtful
    assert timedelta(minutes=59) < now() - ContactAttempt.objects.get().at < timedelta(minutes=61)
    late = deed("contact", kind="KNOCK", minutes=-30)
    assert "按收到的时间记" in send(liu, late)["said"]
    assert ContactAttempt.objects.get(kind="KNOCK").at <= now()


def test_a_refusal_is_kept_with_its_reason_and_the_rest_goes_on(liu: Client) -> None:
    Shipment.objects.filter(waybill_no=PLAIN).update(courier_number="YT0002")
    said = deed("contact", PLAIN, kind="CALL")
    for _time in range(2):
        assert "不在你名下" in send(liu, said)["said"]
    assert not ContactAttempt.objects.exists() and CourierDeed.objects.get().is_refused
    answer = send(liu, deed("place", place="LOCKER", answer="AGREED"))
    assert answer["state"] == "refused" and "先打电话" in answer["said"]
    # in the order of the deeds: rung first, then asked
    assert send(liu, deed("contact", kind="CALL"))["state"] == "done"
    assert send(liu, deed("outcome", outcome="answered", minutes=4))["state"] == "done"
    assert send(liu, deed("place", place="LOCKER", answer="AGREED", minutes=3))["state"] == "done"
    assert ContactAttempt.objects.get().outcome == "answered"


def test_a_call_before_the_parcel_was_handed_over_elsewhere_is_kept(liu: Client) -> None:
    Shipment.objects.filter(waybill_no=MINE).update(milestone="DELIVERED")
    assert send(liu, deed("contact", kind="CALL"))["state"] == "done"
    assert send(liu, deed("place", place="LOCKER", answer="TO_DOOR"))["code"] == "done_already"


def test_nothing_comes_of_what_is_no_deed(liu: Client, world: World) -> None:
    before, good = database_print(), deed("contact", kind="CALL")
    bad = (
        {"deed_id": "1"}, {"made_at": "gestern"}, {"sent_at": "2026-11-22T10:00"}, {"deed": "x"},
        {"made_at": "0001-01-01T00:00:00+14:00"}, {"waybill_no": "../"}, {"waybill_no": "A" * 9000},
    )  # fmt: skip
    for change in bad:
        answer = liu.post("/courier/deeds", good | change)
        assert answer.status_code == 422 and answer.json()["state"] == "refused", change
    assert database_print() == before
    for number in (FOREIGN, "YT0000000000099"):
        assert send(liu, deed("contact", number, kind="CALL"))["code"] == "not_yours_now"
    assert not ContactAttempt.objects.exists()
    assert browser(world.lin).post("/courier/deeds", good).status_code == 403
    assert browser().get("/courier/sync").status_code == 302


def test_another_account_cannot_answer_for_a_deed(liu: Client, world: World) -> None:
    said = deed("contact", kind="CALL")
    assert send(liu, said)["state"] == "done"
    other = add_person("ma", "马师傅", Role.COURIER, "DS01")
    Courier.objects.filter(numbers__number="YT0002").update(user=other)
    mate = browser(other)
    assert mate.get("/courier/sync").json()["account"] != liu.get("/courier/sync").json()["account"]
    assert send(mate, said)["code"] == "not_yours_now" and CourierDeed.objects.count() == 2


def test_in_mirror_mode_not_one_scan_is_written_here(liu: Client, world: World) -> None:
    for said in (
        deed("proof", receiver="SELF", photos=photo()), deed("failed", reason="refused"),
        deed("take_out", PLAIN),
    ):  # fmt: skip
        assert send(liu, said)["code"] == "scans_elsewhere"
    assert liu.get("/courier/out").status_code == 404
    assert "交到了" not in liu.get(f"/courier/parcels/{MINE}").content.decode()
    assert not TrackingEvent.objects.exists() and not DeliveryProof.objects.exists()


def test_full_mode_hands_over_with_proof_once_for_two_telephones(liu: Client, world: World) -> None:
    switch_on(world)
    assert "交到了" in liu.get(f"/courier/parcels/{MINE}").content.decode()
    where = {"position": "31.912345,118.812345", "accuracy": "18"}
    said = deed("proof", receiver="SELF", signature=photo("s.png"), photos=photo(), **where)
    assert send(liu, deed("proof", receiver="SELF"))["state"] == "refused"
    assert send(liu, said)["state"] == "done"
    assert send(liu, deed("proof", receiver="FAMILY", photos=photo(), minutes=1))["state"] == "done"
    kept = DeliveryProof.objects.get()
    assert (kept.receiver, kept.accuracy_m, bool(kept.signature_id)) == ("SELF", 18, True)
    scan = TrackingEvent.objects.get()
    assert (scan.kind, scan.detail, scan.courier, scan.position) == (
        "delivered", "self", "YT0001", "31.912345,118.812345",
    )  # fmt: skip
    assert Shipment.objects.get(waybill_no=MINE).milestone == "DELIVERED"
    assert send(liu, deed("failed", reason="refused", minutes=0))["code"] == "done_already"
    assert "已送 1，还有 1" in liu.get("/courier/").content.decode()


def test_full_mode_leaves_it_nowhere_without_a_yes_and_notes_why_it_failed(liu: Client, world: World) -> None:
    switch_on(world)
    zero = {"position": "0.000000,0.000000", "accuracy": "5"}
    assert "还没同意" in send(liu, deed("proof", receiver="LOCKER", photos=photo()))["said"]
    assert send(liu, deed("failed", reason="bad_phone", **zero))["state"] == "done"
    scan = TrackingEvent.objects.get()
    assert (scan.kind, scan.detail, scan.position) == ("delivery_failed", "bad_phone", "")
    send(liu, deed("contact", kind="CALL", minutes=4))
    send(liu, deed("place", place="LOCKER", answer="AGREED", minutes=3))
    assert send(liu, deed("proof", receiver="LOCKER", photos=photo(), minutes=2))["state"] == "done"
    assert Shipment.objects.get(waybill_no=MINE).milestone == "AT_PICKUP_POINT"


def test_full_mode_takes_parcels_out_and_keeps_his_order(liu: Client, world: World) -> None:
    switch_on(world)
    Shipment.objects.filter(waybill_no=FOREIGN).update(milestone="AT_OUTLET")
    page = liu.post("/courier/out", {"numbers": f"{FOREIGN}\nYT0000000000099"})
    assert "领了 1 件" in page.content.decode() and "没有这个单号" in page.content.decode()
    assert Shipment.objects.get(waybill_no=FOREIGN).courier_number == "YT0001"
    assert send(liu, deed("order", numbers=f"{PLAIN},{MINE}"))["state"] == "done"
    assert send(liu, deed("order", numbers=f"{MINE},{PLAIN}", minutes=30))["state"] == "done"
    assert RoundOrder.objects.get().waybill_nos == [PLAIN, MINE]
    page = liu.get("/courier/").content.decode()
    assert "照你排的顺序" in page and page.index(PLAIN) < page.index(MINE)


def test_what_the_telephone_keeps_says_nothing_about_anybody(liu: Client) -> None:
    stranger = browser()
    icons = stranger.get("/courier/manifest.webmanifest").json()["icons"]
    assert {"192x192", "512x512", "any"} == {icon["sizes"] for icon in icons}
    worker = stranger.get("/courier/sw.js")
    assert (
        worker["Content-Type"].startswith("text/javascript") and "addEventListener" in worker.content.decode()
    )
    assert "手机里没有存" in stranger.get("/courier/offline").content.decode()
    assert "geolocation=(self)" in liu.get("/courier/")["Permissions-Policy"]
