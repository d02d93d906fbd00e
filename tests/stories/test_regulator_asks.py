"""The authority passes a complaint on: its own clock leads, is shown with its source, breaks once."""

from datetime import timedelta

import pytest

from tests.stories.conftest import letters, text_of, work
from tests.web.consumer.conftest import take_road
from tests.world import CONSUMER_PHONE
from yishi.cases.queries.cards import get_case_by_token
from yishi.kit.clock import now
from yishi.sla.queries.clocks import clocks_of_case

pytestmark = pytest.mark.django_db

WAYBILL_NO = "771200000018826"
NOTICE = {"received_at": "2026-11-22T10:00", "notice_no": "苏邮申〔2026〕17 号"}


@pytest.fixture
def cases(told, person, clock):
    """Two complaints at Dongshan; nobody knows yet that the first goes to the authority."""
    found = []
    for number, category in ((WAYBILL_NO, "DELAY"), ("771200000018834", "SIGNED_NOT_RECEIVED")):
        take_road(number)
        said = {"category": category, "text": "没人管", "phone": CONSUMER_PHONE, "email": "", "once": number}
        link = person().post(f"/t/{number}/complain", said).headers["Location"]
        found.append(get_case_by_token(link.rpartition("/")[2].partition("?")[0]))
    work()
    return found


def regulator(case):
    """The clocks of the authority, the oldest first."""
    return [one for one in clocks_of_case(case.id) if one.kind == "REGULATOR"]


def test_the_authoritys_clock(cases, person, told, clock, post):
    asked, _other = cases
    lin, address = person(told.lin), f"/desk/cases/{asked.case_no}"
    assert regulator(asked) == []
    assert lin.post(f"{address}/regulator/notice", NOTICE).status_code == 302
    (running,) = regulator(asked)
    assert running.due_at == now() + timedelta(days=10)
    page = text_of(lin.get(address))
    assert "邮政申诉" in page and NOTICE["notice_no"] in page and "《" in page, "the limit says its source"

    with letters(post) as late:
        clock.move_to(running.due_at + timedelta(seconds=1))
        for _ in range(3):
            work()
            work(clock, later=timedelta(minutes=1))
    (broken,) = regulator(asked)
    assert broken.breached_at == broken.due_at
    told_of = [(to, heading) for to, heading, _ in late if "邮政申诉" in heading and "超" in heading]
    assert told_of and len(told_of) == len(set(told_of)), "everybody once"

    lin = person(told.lin)
    assert lin.post(f"{address}/regulator/lift", {"text": "已书面答复"}).status_code == 302
    (answered,) = regulator(asked)
    assert answered.met_at == now() and "已书面答复" in text_of(lin.get(address))
