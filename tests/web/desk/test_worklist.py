"""The worklist: only what is in sight, found by what people have in hand, live without moving."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.desk.conftest import browser, open_at
from tests.world import World
from yishi.cases.queries.cards import CaseCard
from yishi.kit.clock import now
from yishi.kit.outbox import run_due


def page(client: Client, query: str = "view=outlet") -> str:
    answer = client.get(f"/desk/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_case_stands_on_its_outlets_desk(lin: Client, case: CaseCard) -> None:
    text = page(lin)
    assert f"row-{case.case_no}" in text
    assert "上午我一直在家" in text and "显示签收未收到" in text and "没人" in text


def test_a_foreign_outlet_sees_nothing_of_it(he: Client, case: CaseCard) -> None:
    text = page(he)
    assert case.case_no not in text and "网点里没有没办完的工单" in text


@pytest.mark.parametrize("q", ["0001", "7712 0000 0017 402", "…0017 402", "19900000001", "王女士"])
def test_it_is_found_by_what_people_have_in_hand(lin: Client, he: Client, case: CaseCard, q: str) -> None:
    run_due(at=now())
    assert f"row-{case.case_no}" in page(lin, f"view=outlet&q={q}")
    assert case.case_no not in page(he, f"view=outlet&q={q}")


@pytest.mark.parametrize(
    "query", ["view=nope&status=nope&category=nope", "cursor=%00nonsense", "q=%00", "q=" + "长" * 500]
)
def test_nonsense_in_the_address_is_no_error(lin: Client, case: CaseCard, query: str) -> None:
    page(lin, query)


@pytest.mark.parametrize("view", ["mine", "outlet", "unassigned", "breaking", "waiting"])
def test_every_empty_list_says_what_to_do(lin: Client, view: str) -> None:
    assert "y-empty" in page(lin, f"view={view}")


def test_news_refresh_rows_in_place_and_count_what_is_new(lin: Client, world: World, case: CaseCard) -> None:
    later = open_at(world.dongshan_id, text="又来一件")
    answer = lin.get(f"/desk/news?view=outlet&shown={case.case_no}").content.decode()
    assert re.search(rf'id="row-{case.case_no}" hx-swap-oob="true"', answer)
    assert f"row-{later.case_no}" not in answer and "新来 1 条" in answer


def test_news_never_tell_of_foreign_rows(he: Client, case: CaseCard) -> None:
    assert case.case_no not in he.get(f"/desk/news?view=outlet&shown={case.case_no}").content.decode()


def test_the_page_costs_the_same_however_long_the_list(lin: Client, world: World) -> None:
    open_at(world.dongshan_id, text="第一件")
    with CaptureQueriesContext(connection) as few:
        page(lin)
    for number in range(8):
        open_at(world.dongshan_id, text=f"第 {number} 件", external_no=f"X{number}", source="HQ")
    with CaptureQueriesContext(connection) as many:
        page(lin)
    assert len(many) == len(few)


def test_head_office_sees_all_outlets(world: World, case: CaseCard) -> None:
    text = page(browser(world.quality))
    assert case.case_no in text and "东山网点" in text and "江宁网点" in text
