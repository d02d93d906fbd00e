"""Files of head office: looked at, confirmed, written once, and taken back to where everything stood."""

import random

import pytest

from tests.shipments.tracking import event, take
from tests.shipments.workbooks import (
    AT,
    CALLS,
    DELIVERY,
    LATER,
    PENALTIES,
    PHOTOS,
    card,
    counts,
    delivery,
    everything,
    looked_at,
    number,
    taken,
    upload,
    work,
    workbook,
)
from yishi.consignees.models import Contact
from yishi.feeds.actions.files import FileKnown, NotNow, WrongFile, ask_undo, confirm_import, drop_import
from yishi.feeds.models import FileEffect, FileImport, FilePerson, FileRecord
from yishi.feeds.queries.files import list_records, list_refusals, list_waiting_people
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.files import run
from yishi.shipments.actions.files.people import assign_person
from yishi.shipments.models.parcels import ContactAttempt, Shipment, ShipmentDetails, TrackingEvent

pytestmark = pytest.mark.django_db


def undo(import_id, reason="传错了"):
    ask_undo(import_id=import_id, reason=reason, by=SYSTEM_VIEWER, at=AT)
    work()
    return card(import_id)


def test_a_delivery_list_becomes_master_data_and_scans(world):
    done = taken(workbook(派件=[DELIVERY, delivery(1), delivery(2)]))
    assert (done.state, counts(done)) == ("DONE", (2, 0, 0))
    parcel = Shipment.objects.get(waybill_no=number(1))
    assert (parcel.carrier, parcel.milestone, parcel.courier_number) == (
        "yuantong",
        "OUT_FOR_DELIVERY",
        "YT0001",
    )
    details = ShipmentDetails.objects.select_related("consignee").get(pk=parcel.pk)
    assert (details.consignee.name, details.city) == ("王小姐", "南京市")


def test_a_look_writes_nothing_and_tells_what_would_come(world):
    body = workbook(
        派件=[DELIVERY, delivery(1), delivery(1), delivery(2, at="昨天"), delivery(3, courier="申某某")]
    )
    seen = looked_at(body)
    assert (seen.state, seen.total, counts(seen)) == ("READY", 4, (2, 1, 1))
    assert seen.preview["reasons"] == [["bad_time", 1]]
    assert seen.preview["people"] == [["申*", 1]]
    assert [(row.line, row.reason) for row in list_refusals(import_id=seen.id)] == [(4, "bad_time")]
    assert Shipment.objects.count() == TrackingEvent.objects.count() == FilePerson.objects.count() == 0


def test_a_preview_masks_people(world):
    seen = looked_at(workbook(派件=[DELIVERY, delivery(7)]))
    said = str(seen.preview)
    assert "王*" in said and "王小姐" not in said and "19900000007" not in said and "刘师傅" not in said


def test_what_was_shown_is_what_comes(world):
    body = workbook(派件=[DELIVERY, delivery(1), delivery(1), delivery(2, at="昨天"), delivery(3)])
    seen = looked_at(body)
    confirm_import(import_id=seen.id, by=SYSTEM_VIEWER, at=AT)
    work()
    assert counts(card(seen.id)) == counts(seen) == (2, 1, 1)


def test_a_wrong_file_is_refused_with_what_is_missing(world):
    with pytest.raises(WrongFile) as refused:
        upload(workbook(一=[["运单号", "考核类型", "考核时间"], [number(1), "虚签", "2026-11-20"]]))
    assert refused.value.values["nearest"] == "考核明细" and "考核金额" in refused.value.values["missing"]
    with pytest.raises(WrongFile):
        upload(b"%PDF-1.7 nothing of the kind")
    assert FileImport.objects.count() == 0


def test_the_same_file_again_is_told(world):
    body = workbook(派件=[DELIVERY, delivery(1)])
    first = taken(body)
    with pytest.raises(FileKnown) as known:
        upload(body, name="another name.xlsx")
    assert known.value.values == {"import_id": first.id}
    undo(first.id)
    assert counts(taken(body)) == (1, 0, 0)


def test_a_later_list_with_the_same_rows_doubles_nothing(world):
    taken(workbook(派件=[DELIVERY, delivery(1), delivery(2)]))
    before = TrackingEvent.objects.count()
    assert counts(taken(workbook(派件=[DELIVERY, delivery(2), delivery(3)]))) == (1, 1, 0)
    assert TrackingEvent.objects.count() == before + 1


def test_calls_and_photos_are_attempts_with_their_reference(world):
    calls = [
        CALLS,
        [number(1), "2026-11-22 08:40:05", "是", 35, "https://example.cn/a.mp3", "YT0001", "刘师傅"],
    ]
    photos = [PHOTOS, [number(1), "2026/11/22 9:01", "https://example.cn/a.jpg", "YT0001"]]
    assert counts(taken(workbook(电联=calls, 拍照=photos))) == (2, 0, 0)
    call, photo = ContactAttempt.objects.order_by("at")
    assert (call.kind, call.outcome, call.courier_number) == ("CALL", "是 35秒", "YT0001")
    assert (photo.kind, photo.reference) == ("PHOTO", "https://example.cn/a.jpg")
    assert Shipment.objects.get().milestone == "UNKNOWN"


def test_penalties_are_kept_as_typed_rows(world):
    rows = [PENALTIES, [number(1), "虚签", "¥50.00", 46348.5, "YT0001", "刘师傅"]]
    taken(workbook(考核=rows))
    (record,) = list_records(viewer=SYSTEM_VIEWER, kind="PENALTY")
    assert (record.label, record.amount_fen, record.courier_id) == ("虚签", 5000, world.courier_id)
    assert record.happened_at.isoformat() == "2026-11-22T04:00:00+00:00"
    assert '"考核金额（元）": "¥50.00"' in FileRecord.objects.get().words
    assert Shipment.objects.count() == 0


def test_undone_all_stands_as_before(world):
    take(event(number(1), "arrived_at_outlet", carrier="yuantong", place={"city": "南京市"}))
    taken(workbook(派件=[DELIVERY, delivery(1, name="李先生"), delivery(5)]))
    before = everything()
    calls = [
        CALLS,
        [number(1), "2026-11-22 08:40", "否", "", "", "YT0001", "刘师傅"],
        [number(8), "2026-11-22 08:50", "", "", "", "", ""],
    ]
    done = taken(workbook(派件=[DELIVERY, delivery(1, at="2026-11-22 09:10"), delivery(2)], 电联=calls))
    assert counts(done) == (4, 0, 0) and everything() != before
    undone = undo(done.id)
    assert (undone.state, undone.kept, undone.undone_reason) == ("UNDONE", (), "传错了")
    assert everything() == before


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_undoing_leaves_what_the_standing_files_say(world, seed):
    dice = random.Random(seed)
    bodies = [
        workbook(
            派件=[DELIVERY, *(delivery(dice.randint(1, 6), at=f"2026-11-22 0{h}:15") for h in range(1, 6))]
        )
        for _ in range(3)
    ]
    done = [taken(body) for body in bodies]
    standing = dice.randrange(3)
    for one in dice.sample([d for i, d in enumerate(done) if i != standing], 2):
        undo(one.id)
    events = {bytes(e.identity) for e in TrackingEvent.objects.all()}
    assert events == {bytes(e.mark) for e in FileEffect.objects.filter(kind="EVENT")}
    said = dict(Shipment.objects.values_list("waybill_no", "milestone"))
    undo(done[standing].id)
    assert set(said.values()) == {"OUT_FOR_DELIVERY"}
    assert TrackingEvent.objects.count() == Shipment.objects.count() == ShipmentDetails.objects.count() == 0


def test_what_has_changed_since_stays_and_is_named(world):
    done = taken(workbook(派件=[DELIVERY, delivery(1), delivery(2)]))
    take({"waybill_no": number(1), "carrier": "yuantong", "goods": "茶叶"}, expects="shipments")
    undone = undo(done.id)
    assert undone.kept == (number(1),)
    assert ShipmentDetails.objects.get().goods == "茶叶"


def test_people_whom_only_this_file_named_are_forgotten(world):
    taken(workbook(派件=[DELIVERY, delivery(1)]))
    known = set(Contact.objects.values_list("pk", flat=True))
    rows = [delivery(1, at="2026-11-22 09:00"), delivery(2), delivery(3, courier="申某某")]
    done = taken(workbook(派件=[DELIVERY, *rows]))
    assert len(list_waiting_people(viewer=SYSTEM_VIEWER)) == 1
    assert Contact.objects.count() == len(known) + 2
    undo(done.id)
    assert list_waiting_people(viewer=SYSTEM_VIEWER) == []
    assert set(Contact.objects.values_list("pk", flat=True)) == known


def test_an_undo_needs_a_reason_and_a_finished_import(world):
    seen = looked_at(workbook(派件=[DELIVERY, delivery(1)]))
    with pytest.raises(Invalid):
        ask_undo(import_id=seen.id, reason=" ", by=SYSTEM_VIEWER, at=AT)
    with pytest.raises(NotNow):
        ask_undo(import_id=seen.id, reason="错了", by=SYSTEM_VIEWER, at=AT)
    drop_import(import_id=seen.id, by=SYSTEM_VIEWER, at=AT)
    with pytest.raises(NotNow):
        confirm_import(import_id=seen.id, by=SYSTEM_VIEWER, at=AT)
    assert card(seen.id).state == "DROPPED" and Shipment.objects.count() == 0


def test_a_name_is_assigned_once_and_what_waits_is_completed(world):
    rows = [
        DELIVERY,
        delivery(1, courier="城区029申亚楠+19900000099"),
        delivery(2, courier="申亚楠（029）19900000099"),
    ]
    penalty = [PENALTIES, [number(1), "虚签", 50, "2026-11-21", "", "城区029申亚楠+19900000099"]]
    taken(workbook(派件=rows, 考核=penalty))
    (person,) = list_waiting_people(viewer=SYSTEM_VIEWER)
    assert (person.rows, person.said) == (3, "城区029申亚楠+19900000099")
    told = assign_person(
        person_id=person.id, courier_id=world.courier_id, carrier="yuantong", by=SYSTEM_VIEWER, at=AT
    )
    assert told == 2 and list_waiting_people(viewer=SYSTEM_VIEWER) == []
    assert set(Shipment.objects.values_list("courier_number", flat=True)) == {"YT0001"}
    assert FileRecord.objects.get().courier_id == world.courier_id
    taken(workbook(派件=[DELIVERY, delivery(3, courier="城区029申亚楠+19900000099")]))
    assert list_waiting_people(viewer=SYSTEM_VIEWER) == []


def test_an_outlet_imports_its_own_rows_only(world):
    zhou = world.viewer(world.zhou)
    header = [*DELIVERY, "网点编码"]
    rows = [header, [*delivery(1), "025101"], [*delivery(2), "025102"], [*delivery(3), ""]]
    seen = looked_at(workbook(派件=rows), by=zhou, outlet="DS01")
    assert counts(seen) == (2, 0, 1) and seen.preview["reasons"] == [["other_outlet", 1]]
    for outlet in ("JN01", ""):
        with pytest.raises(NotAllowed):
            upload(workbook(派件=[DELIVERY, delivery(9)]), by=zhou, outlet=outlet)
    with pytest.raises(NotAllowed):
        upload(workbook(派件=[DELIVERY, delivery(9)]), by=world.viewer(world.lin), outlet="DS01")
    other = looked_at(workbook(派件=[DELIVERY, delivery(9)]))
    with pytest.raises(NotFound):
        confirm_import(import_id=other.id, by=zhou, at=AT)
    assert FileImport.objects.count() == 2


class Killed(Exception):
    pass


def test_killed_between_batches_it_goes_on_where_it_stopped(world, monkeypatch):
    monkeypatch.setattr(run, "BATCH", 2)
    seen = looked_at(workbook(派件=[DELIVERY, *(delivery(n) for n in range(1, 8))]))
    confirm_import(import_id=seen.id, by=SYSTEM_VIEWER, at=AT)
    write, done = run.write_rows, []

    def kill_in_the_third(planner, planned, at):
        if len(done) == 2:
            raise Killed
        done.append(write(planner, planned, at))

    monkeypatch.setattr(run, "write_rows", kill_in_the_third)
    with pytest.raises(Killed):
        work()
    monkeypatch.setattr(run, "write_rows", write)
    assert card(seen.id).position == 4
    work()  # its lease has not ended
    assert card(seen.id).state == "IMPORTING"
    work(at=AT + LATER)
    finished = card(seen.id)
    assert (finished.state, finished.position, counts(finished)) == ("DONE", 7, (7, 0, 0))
    assert TrackingEvent.objects.count() == 7


def test_one_that_always_kills_its_worker_is_given_up(world, monkeypatch):
    import_id = upload(workbook(派件=[DELIVERY, delivery(1)]))

    def kill(card, at):
        raise Killed

    monkeypatch.setattr(run, "_check", kill)
    for n in range(5):
        with pytest.raises(Killed):
            work(at=AT + n * LATER)
    work(at=AT + 5 * LATER)
    assert (card(import_id).state, card(import_id).error) == ("FAILED", "failed")
