"""People are told as they chose, and not in their quiet hours; whoever holds a link silences nobody else."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from tests.notifications.conftest import a_case
from yishi.cases.actions.assign import assign
from yishi.cases.actions.reply import add_reply
from yishi.cases.models.case import Case
from yishi.consignees.actions.notices import choose_notices
from yishi.consignees.models import NoticeChoice
from yishi.consignees.queries import notice_wish
from yishi.consignees.rules import NoticeWish, after_quiet
from yishi.kit.errors import Invalid
from yishi.notifications.models import Delivery

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def at(hour: int, minute: int = 0, *, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "hours", "then"),
    [
        (at(20, 59), (21, 8), at(20, 59)),
        (at(21), (21, 8), at(8, day=23)),  # the first quiet minute is quiet
        (at(3), (21, 8), at(8)),
        (at(8), (21, 8), at(8)),  # and the first loud one is loud
        (at(13), (12, 14), at(14)),
        (at(11), (12, 14), at(11)),
        (at(3), (0, 0), at(3)),  # no quiet hours
        (at(0), (0, 6), at(6)),
    ],
)
def test_the_end_of_the_quiet_hours(now, hours, then):
    wish = NoticeWish(quiet_from=time(hours[0]), quiet_until=time(hours[1]))
    assert after_quiet(now, wish, SHANGHAI) == then


def test_a_night_in_which_the_clock_is_turned_ends_by_the_clock():
    begin = datetime(2026, 3, 28, 23, tzinfo=BERLIN)
    assert after_quiet(begin, NoticeWish(), BERLIN) == datetime(2026, 3, 29, 8, tzinfo=BERLIN)


def choose(case, *, is_proven=False, **wish):
    found = Case.objects.get(pk=case.case_id)
    choose_notices(
        contact_id=found.contact_id,
        about=f"case:{found.pk}",
        wish=NoticeWish(**{"channel": "SMS", **wish}),
        is_proven=is_proven,
        at=at(10),
    )
    Delivery.objects.all().delete()


def answer(world, case, *, now=None):
    add_reply(case_id=case.case_id, text="查到了", by=world.viewer(world.zhou), at=now or at(10))
    return list(Delivery.objects.filter(kind="PUBLIC_STEP"))


@pytest.mark.parametrize(("now", "due"), [(at(10), at(10)), (at(22), at(8, day=23))])
def test_by_night_an_answer_waits_for_the_morning(world, now, due):
    (told,) = answer(world, a_case(), now=now)
    assert told.due_at == due


def test_danger_waits_for_no_morning(world):
    (told,) = answer(world, a_case(category="SAFETY"), now=at(22))
    assert told.due_at == at(22)


def test_the_acknowledgement_comes_at_once_and_always(world):
    a_case(at=at(23))
    assert Delivery.objects.get(kind="ACK").due_at == at(23)


def test_he_is_told_by_the_channel_he_chose(world):
    case = a_case()
    choose(case, channel="EMAIL", email="wang@example.cn", quiet_from=time(9), quiet_until=time(11))
    (told,) = answer(world, case)
    assert (told.channel, told.to, told.due_at) == ("EMAIL", "wang@example.cn", at(11))


def test_who_wants_nothing_is_told_nothing_more(world):
    case = a_case()
    choose(case, channel="NONE")
    assert answer(world, case) == []


def test_a_stranger_with_a_link_silences_only_that_case(world):
    first, second = a_case(), a_case(category="ATTITUDE")
    choose(first, channel="NONE")
    assert answer(world, first) == [] and len(answer(world, second)) == 1
    choose(first, channel="NONE", is_proven=True)
    assert answer(world, second) == []


@pytest.mark.parametrize("wish", [{"channel": "EMAIL"}, {"channel": "PIGEON"}])
def test_what_cannot_be_done_is_refused_and_keeps_what_was(world, wish):
    case = a_case()
    with pytest.raises(Invalid):
        choose(case, **wish)
    assert NoticeChoice.objects.count() == 0
    assert notice_wish(contact_id=Case.objects.get().contact_id, about="case:1") == NoticeWish()


def test_he_hears_that_his_case_went_elsewhere_but_not_who_got_it(world):
    case = a_case()
    owner = world.viewer(world.owner)
    Delivery.objects.all().delete()
    place = {"case_id": case.case_id, "outlet_id": world.jiangning_id, "reason": "在那边", "by": owner}
    assign(assignee_id=None, at=at(10), **place)
    assert "江宁网点" in Delivery.objects.get(kind="PUBLIC_STEP").body
    assign(assignee_id=world.he.pk, at=at(11), **place)
    assert Delivery.objects.filter(kind="PUBLIC_STEP").count() == 1
