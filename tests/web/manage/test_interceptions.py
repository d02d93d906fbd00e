"""拦截 on manage: the figure with both its numbers, its cases, what runs, until when each outlet can stop."""

import pytest

from tests.cases.making import opened, parcel
from tests.web.desk.conftest import browser
from yishi.cases.actions.interceptions import conclude, intercept
from yishi.kit.clock import now
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(world):
    """One stopped, one missed, one running, of Dongshan; and one of Jiangning."""
    cases = []
    for n, result in enumerate(("STOPPED", "MISSED", "", "")):
        outlet_id = world.jiangning_id if n == 3 else world.dongshan_id
        ref = parcel(outlet_id=outlet_id, waybill_no=f"YT880000000000{n}")
        case = opened(world, ref=ref, category="INTERCEPT", text="别送了", at=now())
        intercept(case_id=case.case_id, asked="RETURN", by=SYSTEM_VIEWER, at=now())
        if result:
            conclude(case_id=case.case_id, state=result, text="问过了", by=SYSTEM_VIEWER, at=now())
        cases.append(case.case_no)
    return cases


def page(user, tail=""):
    answer = browser(user).get(f"/manage/interceptions{tail}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_figure_has_both_numbers_and_leads_to_its_cases(world, three):
    text = page(world.quality)
    assert "50.0%" in text and "1 / 2，有结果的" in text and "这些数怎么算" in text
    assert "19:00" in text and "07:30 · 13:30" in text and "东山" in text
    behind = page(world.quality, "?days=30&state=MISSED")
    assert three[1] in behind.replace("-", "").replace(" ", "") and "没拦住：拦截以后" in behind
    assert f"/desk/cases/{three[0]}" not in behind


def test_an_outlet_sees_its_own_only_and_nonsense_is_the_usual(world, three):
    text = page(world.he, "?days=999&state=NOTHING")
    assert "1 / 2" not in text and "–" in text
    assert f"/desk/cases/{three[3]}" in text and f"/desk/cases/{three[2]}" not in text


def test_nobody_asked_for_any(world):
    assert "现在没有要拦的" in page(world.lin)
