"""Who gets no help goes higher: the manager, then head office; told at each step, with a clock at each."""

from datetime import timedelta

import pytest

from tests.stories.conftest import letters, text_of, work
from tests.web.consumer.conftest import take_road
from tests.world import CONSUMER_PHONE
from yishi.cases.queries.cards import get_case_by_token
from yishi.sla.queries.clocks import clocks_of_case

pytestmark = pytest.mark.django_db

WAYBILL_NO = "771200000018826"
MAIL = "wang@example.cn"


@pytest.fixture
def case(told, person, clock):
    take_road(WAYBILL_NO)
    said = {"category": "ATTITUDE", "text": "快递员骂人", "phone": CONSUMER_PHONE, "email": MAIL, "once": "e"}
    link = person().post(f"/t/{WAYBILL_NO}/complain", said).headers["Location"].partition("?")[0]
    work()
    return get_case_by_token(link.rpartition("/")[2]), link


def test_up_the_chain(case, person, told, clock, post):
    found, link = case
    consumer, lin = person(), person(told.lin)
    before = {one.kind: one.due_at for one in clocks_of_case(found.id)}
    with letters(post) as got:
        assert consumer.post(f"{link}/escalate", {"text": "他们不理我"}).status_code == 302
        work()
    assert [to for to, _, _ in got] == [MAIL, "zhou@example.cn"], "he is told that it went up, and who has it"
    page = text_of(consumer.get(link))
    assert "已请上级来看" in page
    assert f"row-{found.case_no}" in text_of(person(told.zhou).get("/desk/?view=mine"))
    assert "他们不理我" in text_of(lin.get(f"/desk/cases/{found.case_no}"))
    after = {one.kind: one.due_at for one in clocks_of_case(found.id)}
    assert all(after[kind] <= due for kind, due in before.items()), "no promise is put off by it"

    assert consumer.post(f"{link}/escalate", {"text": "再来"}).status_code == 409
    with letters(post) as higher:
        work(clock, later=timedelta(days=2))
        work(clock, later=timedelta(days=2))
    assert {"zhikong@example.cn", "laoban@example.cn"} & {to for to, _, _ in higher}
    quality = person(told.quality)  # days have passed
    assert f"row-{found.case_no}" in text_of(quality.get("/desk/?view=mine"))

    with letters(post) as answered:
        said = {"text": "我们道歉，快递员已停岗"}
        assert quality.post(f"/desk/cases/{found.case_no}/reply", said).status_code == 302
        work()
    assert MAIL in [to for to, _, _ in answered] and "快递员已停岗" in text_of(consumer.get(link))
