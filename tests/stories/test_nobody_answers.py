"""The other story: nobody answers. The clock warns, breaks, goes up the chain; everybody can see it."""

from datetime import timedelta

import pytest

from tests.stories.conftest import letters, text_of, work
from tests.web.consumer.conftest import take_road
from tests.world import CONSUMER_PHONE
from yishi.cases.queries.cards import get_case_by_token
from yishi.kit.clock import now
from yishi.sla.queries.clocks import clocks_of_case

pytestmark = pytest.mark.django_db

COMPLAINT = {
    "category": "SIGNED_NOT_RECEIVED",
    "text": "显示签收，我没收到。",
    "phone": CONSUMER_PHONE,
    "email": "wang@example.cn",
    "once": "one",
}
HEAD = {"laoban@example.cn", "zhikong@example.cn"}


@pytest.fixture
def case(told, person, clock):
    """A complaint of ten in the morning at Dongshan: first reply by noon."""
    take_road("771200000018826")
    link = person().post("/t/771200000018826/complain", COMPLAINT).headers["Location"]
    found = get_case_by_token(link.rpartition("/")[2])
    work()
    return found, link


def first_reply(case):
    return next(c for c in clocks_of_case(case.id) if c.kind == "FIRST_RESPONSE")


def staff(got):
    """Mail to staff about this: [(to, heading)]."""
    return [(to, heading) for to, heading, _ in got if to != "wang@example.cn"]


def test_half_of_the_time_is_shown_and_wakes_nobody(case, person, told, clock, post):
    found, _ = case
    with letters(post) as got:
        work(clock, later=timedelta(hours=1))
    assert staff(got) == []
    assert "50%" in text_of(person(told.lin).get(f"/desk/cases/{found.case_no}"))


def test_four_fifths_tell_the_outlet_once(case, clock, post):
    with letters(post) as got:
        work(clock, later=timedelta(minutes=96))
        work(clock, later=timedelta(minutes=1))
    assert [to for to, _ in staff(got)] == ["lin@example.cn"] and "快到时限" in staff(got)[0][1]


def test_a_reply_at_the_last_moment_keeps_the_promise(case, person, told, clock):
    found, _ = case
    clock.move_to(first_reply(found).due_at)
    work()
    person(told.lin).post(f"/desk/cases/{found.case_no}/reply", {"text": "正在查"})
    work(clock, later=timedelta(minutes=5))
    assert first_reply(found).breached_at is None and first_reply(found).met_at is not None


def test_nobody_answers(case, person, told, clock, post):
    found, link = case
    consumer, lin, zhou = person(), person(told.lin), person(told.zhou)
    assert "12:00" in text_of(consumer.get(link))

    with letters(post) as broken:
        work(clock, later=timedelta(hours=2, seconds=1))
    assert [to for to, _ in staff(broken)] == ["zhou@example.cn"] and "已超时限" in staff(broken)[0][1]
    assert first_reply(found).breached_at == first_reply(found).due_at
    desk = text_of(lin.get(f"/desk/cases/{found.case_no}"))
    assert "超过了时限" in desk and "网点负责人" in desk
    assert f"row-{found.case_no}" in text_of(zhou.get("/desk/?view=mine")), "it is the manager's now"
    page = text_of(consumer.get(link))
    assert "该回复你了，还没有" in page and "已自动升级" in page

    with letters(post) as higher:
        work(clock, later=timedelta(hours=2))
    assert {to for to, heading in staff(higher) if "升级" in heading} & HEAD
    assert "总部" in text_of(lin.get(f"/desk/cases/{found.case_no}"))
    assert f"row-{found.case_no}" in text_of(person(told.quality).get("/desk/?view=mine"))
    assert f"row-{found.case_no}" in text_of(lin.get("/desk/?view=breaking")), "the outlet keeps it in sight"


def test_each_step_is_taken_once_however_often_the_worker_looks(case, clock, post):
    with letters(post) as got:
        for _ in range(3):
            work(clock, later=timedelta(hours=2, seconds=1))
            work()
    headings = [(to, heading) for to, heading in staff(got) if "首次回复" in heading]
    assert len(headings) == len(set(headings)) and len([h for _, h in headings if "已超时限" in h]) == 1


def test_a_worker_that_slept_says_only_the_gravest(case, clock, post):
    found, _ = case
    with letters(post) as got:
        work(clock, later=timedelta(hours=3))
    assert "快到时限" not in str(staff(got)) and "已超时限" in str(staff(got))
    assert first_reply(found).breached_at == first_reply(found).due_at


def test_the_person_goes_higher_by_himself(case, person, told):
    found, link = case
    consumer = person()
    assert consumer.post(f"{link}/escalate", {"text": "等不了"}).status_code == 302
    page = text_of(consumer.get(link))
    assert "等不了" in page
    assert f"row-{found.case_no}" in text_of(person(told.zhou).get("/desk/?view=mine"))
    assert consumer.post(f"{link}/escalate", {"text": "再来"}).status_code == 409


def test_an_answer_after_all_ends_the_waiting(case, person, told, clock, post):
    found, link = case
    work(clock, later=timedelta(hours=2, minutes=30))
    person(told.zhou).post(f"/desk/cases/{found.case_no}/reply", {"text": "抱歉让您久等，正在办"})
    clock_card = first_reply(found)
    assert clock_card.met_at == now() and clock_card.breached_at is not None
    with letters(post) as got:
        work(clock, later=timedelta(hours=2))
    assert not [h for _, h in staff(got) if "首次回复" in h]
    assert "抱歉让您久等" in text_of(person().get(link))
