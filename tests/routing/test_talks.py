"""Who answers a conversation: on shift, there, with room, best whom the person knows; up when late."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.cases.making import parcel
from tests.world import START, add_person
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.call_backs import AlreadyCalled, ask_call_back, end_call_back
from yishi.conversations.actions.hand import end_conversation, give_back, hand_over
from yishi.conversations.actions.receive import receive
from yishi.conversations.actions.say import say
from yishi.conversations.models.beside import CallBack, Mention
from yishi.conversations.models.talk import Conversation
from yishi.conversations.queries.inbox import place_in_queue
from yishi.conversations.queries.threads import get_conversation, list_messages
from yishi.conversations.rules import Channel
from yishi.kit.errors import Invalid, NotFound
from yishi.network.models import DutyShift, Outlet
from yishi.network.rules import Shift
from yishi.notifications.models import Delivery
from yishi.people.rules import Role
from yishi.routing.actions.away import come_back, go_away
from yishi.routing.jobs import sweep_talks
from yishi.routing.models import TalkPlace, Weights
from yishi.routing.queries.talks import why_here
from yishi.routing.rules.talks import Answerer, Wanted, choose_answerer, shift_end
from yishi.sla.jobs import sweep_due_clocks, sweep_talk_clocks
from yishi.sla.models.clocks import SlaClock
from yishi.sla.queries.talks import hours_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SUNDAY = 6
LOCAL = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
LOST = frozenset({("CATEGORY", "LOST")})
DAY = [Shift(u, time(8), time(20), SUNDAY) for u in (1, 2)]


def one(user_id, **more):
    return Answerer(user_id=user_id, **more)


@pytest.mark.parametrize(
    ("shifts", "people", "wanted", "expected"),
    [
        ([], [one(1)], Wanted(), (None, "SHARED_LIST")),
        (DAY[:1], [one(1)], Wanted(), (1, "ONLY_ONE")),
        (DAY, [one(1, talks=2), one(2, talks=1)], Wanted(), (2, "LEAST_LOAD")),
        (DAY, [one(1, given_at=LOCAL), one(2, given_at=LOCAL - HOUR)], Wanted(), (2, "LEAST_LOAD")),
        (DAY, [one(1, talks=4, had_before=True), one(2)], Wanted(), (1, "SAME_PERSON")),
        (DAY, [one(1, talks=5, had_before=True), one(2)], Wanted(), (2, "ONLY_ONE")),
        (DAY, [one(1, is_away=True, had_before=True), one(2)], Wanted(), (2, "ONLY_ONE")),
        (DAY, [one(1), one(2, talks=3, skills=frozenset({("CATEGORY", "LOST")}))],
         Wanted("LOST"), (2, "SKILLED")),
        (DAY, [one(1, skills=frozenset({("CLASS", "E")})), one(2, skills=frozenset({("LANGUAGE", "en")}))],
         Wanted("E", "en"), (2, "SKILLED")),
        # of its class is as good; who has no room is waited for a little, where nobody can anybody answers
        (DAY, [one(1), one(2, talks=3, skills=frozenset({("CLASS", "E")}))], Wanted("LOST"), (2, "SKILLED")),
        (DAY, [one(1), one(2, talks=5, skills=LOST)], Wanted("LOST"), (None, "SKILLED_FULL")),
        (DAY, [one(1), one(2, talks=5, skills=LOST)], Wanted("LOST", waits_for=3 * MINUTE), (1, "ONLY_ONE")),
        (DAY, [one(1), one(2, is_away=True, skills=LOST)], Wanted("LOST"), (1, "ONLY_ONE")),
        (DAY, [one(1, talks=1), one(2)], Wanted("LOST"), (2, "LEAST_LOAD")),
        (DAY, [one(1, talks=5), one(2, talks=5)], Wanted(), (None, "ALL_FULL")),
        (DAY, [one(1, is_away=True), one(2, is_away=True)], Wanted(), (None, "ALL_AWAY")),
        (DAY, [one(1, is_away=True), one(2, talks=5)], Wanted(), (None, "ALL_FULL")),
        ([Shift(1, time(18), time(20), SUNDAY)], [one(1)], Wanted(), (None, "NOBODY_ON_SHIFT")),
        ([*DAY[:1], Shift(2, time(8), time(20), SUNDAY, None, True)], [one(1, talks=5), one(2)], Wanted(),
         (2, "FALLBACK")),
    ],
)  # fmt: skip
def test_who_is_chosen(shifts, people, wanted, expected):
    chosen = choose_answerer(shifts, people, wanted, local=LOCAL)
    assert (chosen.user_id, chosen.reason) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "until"),
    [(8, 20, LOCAL.replace(hour=20)), (22, 11, LOCAL.replace(hour=11)), (9, 2, LOCAL.replace(day=23, hour=2)),
     (12, 20, None)],
)  # fmt: skip
def test_until_when_a_shift_lasts(starts, ends, until):
    shifts = [Shift(1, time(starts), time(ends), SUNDAY), Shift(1, time(starts), time(ends), 5)]
    assert shift_end(shifts, 1, local=LOCAL) == until


def on_duty(world, *people, opens=8, closes=20):
    for user in people:
        DutyShift.objects.create(
            outlet_id=world.dongshan_id, user=user, weekday=SUNDAY, starts=time(opens), ends=time(closes)
        )


def asked(at=START, outlet="DS01", **more):
    """A conversation whose person asked for a human."""
    place = Outlet.objects.get(code=outlet) if outlet else None
    talk = begin_conversation(person=Person(channel=Channel.WEB), at=at, outlet=place, **more)
    receive(conversation_id=talk.id, text="转人工", at=at)
    hand_over(conversation_id=talk.id, reason="ASKED", at=at)
    return talk.id


@pytest.fixture
def mate(world):
    return add_person("chen", "陈客服", Role.AGENT, "DS01")


@pytest.mark.django_db
def test_to_the_parcels_outlet_and_the_person_there(world):
    on_duty(world, world.lin)
    parcel(outlet_id=world.dongshan_id)
    talk = asked(outlet=None, waybill_no="YT8800000000001")
    card = get_conversation(talk)
    assert (card.outlet_code, card.assignee_id, card.state) == ("DS01", world.lin.pk, "WITH_AGENT")
    assert (why_here(talk).place_reason, why_here(talk).reason) == ("PARCEL", "ONLY_ONE")


@pytest.mark.django_db
def test_without_a_parcel_to_head_offices_list(world):
    on_duty(world, world.lin)
    talk = asked(outlet=None)
    assert (get_conversation(talk).outlet_code, get_conversation(talk).state) == ("", "QUEUED")
    assert why_here(talk).place_reason == "NO_PARCEL"


@pytest.mark.django_db
def test_shared_fairly_and_only_so_many_at_once(world, mate):
    on_duty(world, world.lin, mate)
    Weights.objects.update_or_create(pk=1, defaults={"most_talks": 2})
    talks = [asked(START + n * MINUTE) for n in range(5)]
    owners = [get_conversation(each).assignee_id for each in talks]
    assert owners == [world.lin.pk, mate.pk, world.lin.pk, mate.pk, None]
    assert why_here(talks[-1]).reason == "ALL_FULL"
    end_conversation(conversation_id=talks[1], by=world.viewer(mate), at=START + 6 * MINUTE)
    assert get_conversation(talks[-1]).assignee_id == mate.pk


@pytest.mark.django_db
def test_the_same_person_comes_back_to_whom_he_had(world, mate):
    on_duty(world, world.lin, mate)
    first = asked()
    end_conversation(conversation_id=first, by=world.viewer(world.lin), at=START + MINUTE)
    asked(START + 2 * MINUTE)
    receive(conversation_id=first, text="还有一句", at=START + 3 * HOUR)
    assert get_conversation(first).assignee_id == world.lin.pk
    assert why_here(first).reason == "SAME_PERSON"


@pytest.mark.django_db
def test_who_goes_away_keeps_nobody_waiting(world, mate):
    on_duty(world, world.lin, mate)
    waits, answered = asked(), asked(START + MINUTE)
    assert get_conversation(waits).assignee_id == world.lin.pk
    lin = world.viewer(world.lin)
    moved = go_away(until_at=START + HOUR, reason="吃饭", by=lin, at=START + 2 * MINUTE)
    assert moved == 1 and get_conversation(waits).assignee_id == mate.pk
    assert get_conversation(answered).assignee_id == mate.pk
    come_back(outlet_ids=[world.dongshan_id], by=lin, at=START + 3 * MINUTE)
    assert get_conversation(asked(START + 4 * MINUTE)).assignee_id == world.lin.pk


@pytest.mark.django_db
def test_away_for_too_long_is_refused(world):
    with pytest.raises(Invalid):
        go_away(until_at=START + 25 * HOUR, reason="", by=world.viewer(world.lin), at=START)


@pytest.mark.django_db
def test_a_shift_that_ends_gives_back_who_waits(world, mate):
    on_duty(world, world.lin, closes=11)
    talk = asked()
    on_duty(world, mate, opens=11)
    assert sweep_talks(at=START + 59 * MINUTE) == 0
    assert sweep_talks(at=START + 60 * MINUTE) == 1
    assert get_conversation(talk).assignee_id == mate.pk


@pytest.mark.django_db
def test_what_waits_is_tried_again_when_somebody_comes(world):
    on_duty(world, world.lin, opens=11)
    talk = asked()
    assert (get_conversation(talk).state, why_here(talk).reason) == ("QUEUED", "NOBODY_ON_SHIFT")
    sweep_talks(at=START + 30 * MINUTE)
    assert get_conversation(talk).state == "QUEUED"
    sweep_talks(at=START + 61 * MINUTE)
    assert get_conversation(talk).assignee_id == world.lin.pk


@pytest.mark.django_db
def test_given_back_it_goes_to_somebody_else(world, mate):
    on_duty(world, world.lin, mate)
    talk = asked()
    give_back(conversation_id=talk, by=world.viewer(world.lin), at=START + MINUTE)
    assert get_conversation(talk).assignee_id == mate.pk


def clock(talk):
    return SlaClock.objects.get(subject_kind="CONVERSATION", subject_id=talk)


@pytest.mark.django_db
def test_the_assistant_is_no_answer_a_person_is(world):
    talk = asked()
    assert clock(talk).due_at == START + 15 * MINUTE
    say(conversation_id=talk, text="请稍等", by=None, at=START + MINUTE)
    assert clock(talk).met_at is None
    say(conversation_id=talk, text="我是小林", by=world.viewer(world.lin), at=START + 15 * MINUTE)
    assert (clock(talk).met_at, clock(talk).breached_at) == (START + 15 * MINUTE, None)
    assert Conversation.objects.get(pk=talk).waited_s == 900


@pytest.mark.django_db
def test_nobody_answers_the_manager_is_called_then_head_office(world):
    talk = asked()
    assert sweep_talk_clocks(at=START + 8 * MINUTE) == 1 and clock(talk).warned_share == 50
    sweep_talk_clocks(at=START + 13 * MINUTE)
    assert (clock(talk).warned_share, Mention.objects.count()) == (80, 0)
    sweep_talk_clocks(at=START + 15 * MINUTE)
    assert clock(talk).breached_at is None
    sweep_talk_clocks(at=START + 16 * MINUTE)
    assert (clock(talk).breached_at, Mention.objects.get().user_id) == (START + 15 * MINUTE, world.zhou.pk)
    sweep_talk_clocks(at=START + 32 * MINUTE)
    assert get_conversation(talk).outlet_code == "" and why_here(talk).place_reason == "WENT_UP"
    assert Mention.objects.filter(user=world.quality, kind="LATE").exists()
    assert sweep_talk_clocks(at=START + 9 * HOUR) == 0 == sweep_due_clocks(at=START + 9 * HOUR)
    # each of them read of it once, with the way to it and nothing of the person
    told = Delivery.objects.filter(subject_kind="TALK_PROMISE").order_by("pk")
    assert [mail.to for mail in told] == ["zhou@example.cn", "zhikong@example.cn"]
    assert f"/desk/inbox/{talk}" in told[0].body and "有人在会话里等回复" in told[0].heading


@pytest.mark.django_db
def test_who_has_it_reads_of_its_broken_promise_and_nobody_of_one_kept_late(world):
    on_duty(world, world.lin)
    talk = asked()
    sweep_talk_clocks(at=START + 16 * MINUTE)
    told = Delivery.objects.filter(subject_kind="TALK_PROMISE")
    assert sorted(mail.to for mail in told) == ["lin@example.cn", "zhou@example.cn"]
    late = asked(START + HOUR)
    say(conversation_id=late, text="来晚了", by=world.viewer(world.lin), at=START + 2 * HOUR)
    assert clock(late).breached_at is not None and told.count() == 2
    assert get_conversation(talk).assignee_id == world.lin.pk


@pytest.mark.django_db
def test_a_call_back_that_is_not_made_is_told(world):
    wish = {"phone": "19900000009", "wished_at": START + HOUR, "due_at": START + 2 * HOUR}
    ask_call_back(outlet_id=world.dongshan_id, at=START, **wish)
    for hours in (1.0, 1.7, 2.1):
        sweep_talk_clocks(at=START + hours * HOUR)
    (mail,) = Delivery.objects.filter(subject_kind="TALK_PROMISE")
    assert (mail.to, "回电" in mail.body) == ("zhou@example.cn", True) and "/desk/inbox/calls" in mail.body


@pytest.mark.django_db
def test_at_night_the_promise_begins_in_the_morning(world):
    night = START + 12 * HOUR
    talk = asked(night)
    opens = START + 22 * HOUR
    assert clock(talk).due_at == opens + 15 * MINUTE
    hours = hours_of(world.dongshan_id, night)
    assert (hours.is_open, hours.opens_at) == (False, opens)


@pytest.mark.django_db
def test_the_wait_that_is_told_is_the_median_or_nothing(world):
    for minutes in (2, 4, 30):
        talk = asked()
        assert place_in_queue(get_conversation(talk), at=START) == {"place": 1, "wait_s": None}
        say(conversation_id=talk, text="您好", by=world.viewer(world.lin), at=START + minutes * MINUTE)
    late = asked(START + 31 * MINUTE)
    told = place_in_queue(get_conversation(late), at=START + 32 * MINUTE)
    assert told == {"place": 1, "wait_s": 180}
    assert place_in_queue(get_conversation(late), at=START + 40 * MINUTE) == {"place": 1, "wait_s": None}
    behind = asked(START + 33 * MINUTE)
    assert place_in_queue(get_conversation(behind), at=START + 33 * MINUTE)["place"] == 2


@pytest.mark.django_db
def test_a_call_back_has_its_clock_and_one_end(world):
    talk, lin = asked(), world.viewer(world.lin)
    wish = {"phone": "19900000009", "wished_at": START + HOUR, "due_at": START + 2 * HOUR}
    first = ask_call_back(conversation_id=talk, at=START, **wish)
    again = ask_call_back(conversation_id=talk, at=START + MINUTE, **wish)
    running = SlaClock.objects.filter(subject_kind="CALL_BACK", stopped_at__isnull=True)
    assert first == again and running.get().due_at == START + 2 * HOUR
    ended = {"call_back_id": first, "state": "REACHED", "result": "说好了", "at": START + HOUR}
    with pytest.raises(NotFound):
        end_call_back(by=world.viewer(world.he), **ended)
    end_call_back(by=lin, **ended)
    assert running.get().met_at == START + HOUR and CallBack.objects.get().state == "REACHED"
    with pytest.raises(AlreadyCalled):
        end_call_back(by=lin, **ended)


@pytest.mark.django_db
@pytest.mark.parametrize("wish", [{"phone": "打给我"}, {"due_at": START}, {"due_at": START + 30 * 24 * HOUR}])
def test_an_impossible_call_back_changes_nothing(world, wish):
    good = {"phone": "19900000009", "wished_at": START + HOUR, "due_at": START + 2 * HOUR}
    with pytest.raises(Invalid):
        ask_call_back(at=START, **{**good, **wish})
    assert not CallBack.objects.exists() and not SlaClock.objects.exists()


@pytest.mark.django_db
def test_at_night_a_call_is_offered_and_promised_for_the_morning(world):
    night, opens = START + 12 * HOUR, START + 22 * HOUR
    talk = asked(night)
    offer = list_messages(talk, for_person=True)[-1]
    assert offer.author_kind == "ASSISTANT" and "11月23日 08:00" in offer.text
    receive(conversation_id=talk, text="19900000009，上班打给我", at=night + MINUTE)
    call = CallBack.objects.get()
    assert (call.phone, call.wished_at, call.due_at) == ("19900000009", opens, opens + HOUR)
    assert "199****0009" in list_messages(talk, for_person=True)[-1].text
    receive(conversation_id=talk, text="19900000008", at=night + 2 * MINUTE)
    assert CallBack.objects.get().phone == "19900000009"
    assert not any("电话" in line.text for line in list_messages(asked(), for_person=True))


@pytest.mark.django_db
def test_places_go_with_their_conversation(world):
    talk = asked()
    Conversation.objects.filter(pk=talk).delete()
    assert not TalkPlace.objects.exists()
