"""A story: a case that two say is not theirs. Who was asked first answers for it; it is never nobody's."""

from datetime import timedelta

import pytest

from tests.stories.conftest import photo, text_of, work
from tests.web.consumer.conftest import take_road
from tests.world import CONSUMER_PHONE
from yishi.cases.queries.cards import get_case_by_token
from yishi.routing.queries.handovers import list_handovers

pytestmark = pytest.mark.django_db

COMPLAINT = {"category": "LOST", "text": "一直没有送来", "phone": CONSUMER_PHONE, "once": "one"}


@pytest.fixture
def case(told, person):
    """A parcel that Dongshan had last is said to be lost."""
    take_road("771200000018826")
    link = person().post("/t/771200000018826/complain", COMPLAINT).headers["Location"]
    found = get_case_by_token(link.rpartition("/")[2])
    work()
    return found


def offer(client, case, **more):
    return client.post(
        f"/desk/cases/{case.case_no}/offer", {"outlet": "JN01", "reason": "在江宁丢的", **more}
    )


def answer(client, case, what, **more):
    waiting = list_handovers(case.id)[0]
    return client.post(f"/desk/cases/{case.case_no}/offer/{waiting.id}", {"what": what, **more})


def test_an_outlet_refuses_twice(case, told, person):
    lin, he, head = person(told.lin), person(told.he), person(told.quality)
    page = f"/desk/cases/{case.case_no}"
    assert he.get(page).status_code == 404
    assert offer(lin, case).status_code == 302
    assert "答复前仍由东山网点负责" in text_of(lin.get(page))
    assert f"row-{case.case_no}" in text_of(he.get("/desk/?view=offered"))
    assert "不是我们的" in text_of(he.get(page))

    bare = answer(he, case, "refuse", reason="不是我们的")
    assert bare.status_code == 422 and "要有凭证" in bare.content.decode()
    assert answer(he, case, "refuse", reason="装车时没有它", files=photo()).status_code == 302
    assert he.get(page).status_code == 404
    again = offer(lin, case, reason="到江宁的交接单在这")
    assert again.status_code == 302 and "装车时没有它" in text_of(lin.get(page))
    assert answer(he, case, "refuse", reason="交接单是别的车", files=photo()).status_code == 302

    assert f"row-{case.case_no}" in text_of(head.get("/desk/?view=mine")), "head office decides"
    assert "由总部定归谁" in text_of(lin.get(page)), "and Dongshan still has it in sight"
    third = offer(lin, case, reason="还是你们的")
    assert third.status_code == 409 and "归谁由总部定" in third.content.decode()
    decided = {"outlet": "JN01", "user": "", "reason": "监控看过，在江宁"}
    assert head.post(f"{page}/assign", decided).status_code == 302
    assert he.get(page).status_code == 200 and lin.get(page).status_code == 404


def test_no_answer_goes_up_by_its_own_clock(case, told, person, clock):
    lin, he, head = person(told.lin), person(told.he), person(told.quality)
    assert offer(lin, case).status_code == 302
    work(clock, later=timedelta(hours=1, minutes=59))
    assert he.get(f"/desk/cases/{case.case_no}").status_code == 200
    work(clock, later=timedelta(minutes=2))
    assert he.get(f"/desk/cases/{case.case_no}").status_code == 404
    assert f"row-{case.case_no}" in text_of(head.get("/desk/?view=mine"))


def test_who_accepts_has_it(case, told, person):
    lin, he = person(told.lin), person(told.he)
    offer(lin, case)
    assert answer(he, case, "accept").status_code == 302
    assert f"row-{case.case_no}" in text_of(he.get("/desk/?view=mine"))
    stale = he.post(f"/desk/cases/{case.case_no}/offer/{list_handovers(case.id)[0].id}", {"what": "refuse",
                    "reason": "不是", "files": photo()})  # fmt: skip
    assert stale.status_code == 409 and "已经有了结果" in stale.content.decode()
