"""Whose parcels wait is told: all in one message, of a short message's length; a broken one has a case."""

import dataclasses
from datetime import time, timedelta

import pytest

from tests.stations.making import PHONE, card_of, keeper, shelves, take_in
from tests.world import START
from yishi.assistant.actions.pickup_record import tell_pickup
from yishi.assistant.actions.telling import Talk
from yishi.cases.models.case import Case
from yishi.config.worker import sweep_all
from yishi.consignees.actions.notices import choose_notices, name_backup
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import state_wish
from yishi.consignees.models import Contact
from yishi.consignees.rules import NoticeWish
from yishi.kit.errors import NotFound, TooMany
from yishi.kit.outbox import run_due
from yishi.notifications.actions.chains import fall_back
from yishi.notifications.actions.pickups import Unreachable, WantsNoNotices, send_pickup_again
from yishi.notifications.actions.queue import zone
from yishi.notifications.actions.receipts import go_on_unheard, note_delivered
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import write_letter
from yishi.notifications.queries.pickup_week import behind_week, told_week, ways_of_week
from yishi.notifications.queries.pickups import notices_of_stays
from yishi.notifications.rules import Gone, Way, after_quiet, shortest_fit, sms_parts, ways_again
from yishi.stations.actions.custody import undo_booking
from yishi.stations.actions.hand_out import Handing, hand_out
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.waiting import parcel_of_token, pickup_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(world):
    shelves()
    return keeper()


def work(at=START):
    sweep_all(at=at)


def notices():
    return list(Delivery.objects.filter(kind="PICKUP").order_by("pk"))


def test_several_parcels_of_one_person_are_one_message(by):
    first, second = take_in(by=by), take_in("YT6190000000002", by=by)
    take_in("YT6190000000003", by=by, phone="19900000022")
    work()
    both, other = notices()
    assert "2件" in both.body and first.pickup_code in both.body and second.pickup_code in both.body
    assert f"/p/{pickup_token(first.parcel_id)}" in both.body and "12-2-0003" in other.body
    assert set(notices_of_stays([first.parcel_id, second.parcel_id])) == {first.parcel_id, second.parcel_id}


def test_what_was_undone_or_fetched_is_not_told(by):
    first, second = take_in(by=by), take_in("YT6190000000002", by=by)
    work()
    undo_booking(card=card_of(by), parcel_id=first.parcel_id, by=by, at=START)
    (row,) = notices()
    assert row.state == "QUEUED" and second.pickup_code in row.body and first.pickup_code not in row.body
    hand_out(card=card_of(by), handing=Handing(asked_for=second.parcel_id, how="CODE"), by=by, at=START)
    work()
    assert notices()[0].state == "WITHDRAWN"


def test_the_code_again_three_times_an_hour(by):
    booked = take_in(by=by)
    for _ in range(3):
        send_pickup_again(parcel_id=booked.parcel_id, at=START)
    with pytest.raises(TooMany):
        send_pickup_again(parcel_id=booked.parcel_id, at=START)
    assert len(notices()) == 3
    nobody = take_in("YT6190000000009", by=by, phone="")
    with pytest.raises(Unreachable):
        send_pickup_again(parcel_id=nobody.parcel_id, at=START)


def chained(by, **more):
    """A person with all ways, whose parcel was booked in; the notices so far."""
    booked = take_in(by=by, **more)
    contact_id = StationParcel.objects.get(pk=booked.parcel_id).contact_id
    Contact.objects.filter(pk=contact_id).update(email="wang@example.cn", name="王小美")
    name_backup(phone=PHONE, backup="19900000099", called="老王", at=START)
    return booked


def fail(row, at):
    """Its gateway has refused it for good."""
    Delivery.objects.filter(pk=row.pk).update(state="FAILED", due_at=None)
    fall_back(delivery_id=row.pk, at=at)
    return Delivery.objects.order_by("pk").last()


def test_whom_he_named_is_told_last_and_no_code(by, settings):
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, voice_url="http://127.0.0.1:9/")
    booked = chained(by)
    work()
    rows = notices()
    for _way in range(3):
        rows.append(fail(rows[-1], START))
    assert [row.channel for row in rows] == ["SMS", "EMAIL", "VOICE", "SMS"]
    last = rows[-1]
    assert last.to == "19900000099" and booked.pickup_code not in last.body and "王" in last.body
    assert "王小美" not in last.body and all(booked.pickup_code in row.body for row in rows[:2])
    assert fail(last, START).pk == last.pk
    newest = notices_of_stays([booked.parcel_id])[booked.parcel_id][0]
    assert (newest.is_backup, newest.to_mask) == (True, "199****0099")


def test_the_next_way_waits_for_the_morning_and_tells_of_what_waits_then(by):
    first = chained(by)
    work()
    night = START.astimezone(zone()).replace(hour=23)
    letter = fail(notices()[0], night)
    assert letter.channel == "EMAIL" and letter.due_at.astimezone(zone()).hour == 8
    second = take_in("YT6190000000002", by=by, at=night)
    sweep_all(at=night)
    letter.refresh_from_db()
    assert len(notices()) == 2 and second.pickup_code in letter.body and first.pickup_code in letter.body
    hand_out(card=card_of(by), handing=Handing(asked_for=first.parcel_id, how="CODE"), by=by, at=night)
    run_due(at=night, limit=50)
    letter.refresh_from_db()
    assert letter.state == "WITHDRAWN" and fall_back(delivery_id=letter.pk, at=night) is None


def test_wishes_hold_for_every_way(by):
    chained(by)
    none = NoticeWish(channel="NONE")
    contact_id = StationParcel.objects.get().contact_id
    choose_notices(contact_id=contact_id, about="", wish=none, is_proven=True, at=START)
    work()
    assert notices() == []
    with pytest.raises(WantsNoNotices):
        send_pickup_again(parcel_id=StationParcel.objects.get().pk, at=START)
    by_mail = NoticeWish(channel="EMAIL", email="own@example.cn", quiet_from=time(12), quiet_until=time(15))
    choose_notices(contact_id=contact_id, about="", wish=by_mail, is_proven=True, at=START)
    noon = START.astimezone(zone()).replace(hour=13)
    take_in("YT6190000000002", by=by, at=noon)
    sweep_all(at=noon)
    (letter,) = notices()
    assert (letter.channel, letter.to) == ("EMAIL", "own@example.cn")
    assert letter.due_at.astimezone(zone()).hour == 15


def test_who_asked_to_be_called_is_called_first(by, settings):
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, voice_url="http://127.0.0.1:9/")
    state_wish(phone=PHONE, wish=Wish(kind="VOICE_CALL", source="CONSUMER"), at=START)
    take_in(by=by)
    work()
    assert notices()[0].channel == "VOICE"


def test_no_receipt_in_half_an_hour_is_the_next_way_where_others_have_one(by):
    chained(by)
    take_in("YT6190000000003", by=by, phone="19900000022")
    work()
    mine, other = notices()
    Delivery.objects.filter(kind="PICKUP").update(state="SENT", sent_at=START, due_at=None)
    late = START + timedelta(minutes=31)
    assert go_on_unheard(at=late, limit=9) == 0  # this gateway never says what came of it
    assert note_delivered(reference=str(other.notice_id), account_id=1, at=START)
    assert go_on_unheard(at=late - timedelta(minutes=2), limit=9) == 0
    assert go_on_unheard(at=late, limit=9) == 1 and go_on_unheard(at=late, limit=9) == 0
    letter = notices()[-1]
    assert (letter.channel, letter.after_id) == ("EMAIL", mine.pk)
    # it comes after all: the letter stays
    assert note_delivered(reference=str(mine.notice_id), account_id=1, at=late)
    letter.refresh_from_db()
    assert letter.state == "WITHDRAWN"


A, B, C = (Way("SMS", "1"), Way("EMAIL", "a@b.cn"), Way("VOICE", "1"))


@pytest.mark.parametrize(
    ("gone", "first"),
    [
        ([], A),
        ([Gone(A, False)], A),
        ([Gone(A, True)], B),
        ([Gone(A, False), Gone(A, False)], B),
        ([Gone(A, False, True), Gone(A, False, True)], A),
        ([Gone(B, True), Gone(A, True)], C),
        ([Gone(C, True), Gone(B, True), Gone(A, True)], A),
    ],
)
def test_which_way_next(gone, first):
    assert ways_again((A, B, C), gone)[0] == first and len(ways_again((A, B, C), gone)) == 3


@pytest.mark.parametrize(("kind", "most"), [("pickup", 70), ("pickup_short", 70), ("pickup_backup", 70)])
def test_a_short_message_of_usual_length_is_one(kind, most):
    """70 signs with the signature in 【】, or 67 a part: one for whom he named, two with the link."""
    said = {
        "operator": "圆通江宁", "place": "东山驿站", "codes": "12-2-0001", "count": "2", "until": "27日18:00",
        "person": "王**", "link": "https://kd.example.cn/p/123456-BL6QZaP4eX4RYzHM7HTPUw",
    }  # fmt: skip
    body = write_letter(kind=kind, channel="SMS", language="zh-hans", values=said).body
    assert body.startswith("【圆通江宁】") and len(body.replace(said["link"], "")) <= most
    assert sms_parts(body) == (1 if kind == "pickup_backup" or len(body) <= most else 2)


def test_a_broken_one_has_a_case(by):
    take_in(by=by, condition="DAMAGED")
    work()
    case = Case.objects.get()
    assert (case.category, case.waybill_no) == ("DAMAGED", "YT6190000000001")
    assert case.contact.phone == PHONE


def test_an_address_that_we_did_not_make(by):
    booked = take_in(by=by)
    assert parcel_of_token(pickup_token(booked.parcel_id)) == booked.parcel_id
    for token in ("", "1", "x-y", f"{booked.parcel_id}-AAAA", pickup_token(booked.parcel_id + 1)[1:]):
        with pytest.raises(NotFound):
            parcel_of_token(token)


@pytest.mark.parametrize(("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_how_many_messages_a_text_is(length, parts):
    assert sms_parts("字" * length) == parts


def test_the_first_that_fits_is_sent():
    assert shortest_fit(["长" * 71, "短" * 70, "小"]) == "短" * 70
    assert shortest_fit(["长" * 140, "短" * 71]) == "短" * 71


@pytest.mark.parametrize(("hour", "due"), [(21, 21), (22, 32), (2, 8), (8, 8), (7, 8)])
def test_quiet_hours_end_in_the_morning(hour, due):
    at = START.astimezone(zone()).replace(hour=hour, minute=0)
    expected = at.replace(hour=0) + timedelta(hours=due)
    assert after_quiet(at, time(21, 30), time(8), zone()) == expected
    assert after_quiet(at, time(8), time(8), zone()) == at


def test_the_week_counts_who_was_told_how_soon_and_whom_it_reached(by):
    """Soon, late, at night, nobody to tell: the figures by hand, and the parcels behind them."""
    phones = ("19900000031", "19900000032", "19900000033", "")
    for number, phone in enumerate(phones):
        at = START.astimezone(zone()).replace(hour=23) if number == 2 else START
        take_in(f"YT619000000010{number}", by=by, phone=phone, at=at)
    work(START)
    sweep_all(at=START.astimezone(zone()).replace(hour=23))
    soon, late, night = notices()
    at_ten = START + timedelta(minutes=10)
    sent = (
        (soon, at_ten, "DELIVERED"),
        (late, at_ten + timedelta(seconds=1), "UNHEARD"),
        (night, at_ten, ""),
    )
    for row, sent_at, receipt in sent:
        Delivery.objects.filter(pk=row.pk).update(state="SENT", sent_at=sent_at, receipt=receipt, due_at=None)
    week = {"since": START - timedelta(days=1), "until": START + timedelta(days=1)}
    told = told_week(card_of(by), **week)
    assert (told.soon.part, told.soon.whole) == (1, 3)
    assert (told.reached.part, told.reached.whole) == (1, 2)
    assert (told.untold.part, told.untold.whole) == (1, 4)
    behind = {one.waybill_no[-1]: one for one in behind_week(card_of(by), **week)}
    assert set(behind) == {"1", "3"} and behind["3"].is_untold and behind["1"].is_late and behind["1"].is_lost
    assert [(w.channel, w.messages, w.arrived) for w in ways_of_week(card_of(by), **week)] == [("SMS", 3, 1)]


@pytest.mark.parametrize(("language", "words"), [("zh", "没有送达"), ("en", "not delivered")])
def test_the_assistant_answers_from_the_record_and_sends_it_the_next_way(by, language, words):
    booked = chained(by)
    work()
    Delivery.objects.filter(kind="PICKUP").update(state="FAILED", due_at=None, chain=None)
    asks = Talk(
        conversation_id=1, slots={"parcel": "YT6190000000001"}, phone=PHONE, is_proven=True, proof="",
        language=language, text="没收到取件码", at=START,
    )  # fmt: skip
    done = tell_pickup(asks)
    assert (done.outcome, done.values["code"]) == ("code_told", booked.pickup_code)
    assert words in done.values["told"] and "199****0021" in done.values["told"]
    assert "w***@example.cn" in done.values["told"] and PHONE not in done.values["told"]
    assert notices()[-1].channel == "EMAIL"
    # said once more: what is on its way is told, nothing goes twice
    assert len(tell_pickup(asks).values["told"]) and len(notices()) == 2
    assert tell_pickup(dataclasses.replace(asks, is_proven=False)).outcome != "code_told"
