"""The one door, the private link, the worklist: order, pages, views, search, the same few statements."""

from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan, opened, parcel
from tests.world import CONSUMER_PHONE, START
from yishi.cases.actions.assign import assign
from yishi.cases.actions.reply import add_reply
from yishi.cases.actions.status import change_status
from yishi.cases.queries.cards import (
    access_case,
    get_case_by_token,
    list_cases,
    list_cases_of_contact,
    list_cases_of_waybill,
)
from yishi.cases.queries.worklist import worklist, worklist_counts
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.people.rules import SYSTEM_VIEWER

HOUR = timedelta(hours=1)


def many(world, count, **changed):
    ref = parcel(outlet_id=world.dongshan_id)
    return [
        opened(world, ref=ref, at=START + timedelta(minutes=2 * n), contact_id=None, **changed)
        for n in range(count)
    ]


def numbers(page):
    return [item.case_no for item in page.items]


def read(viewer, **wanted):
    return worklist(viewer=viewer, at=START, **wanted)


def test_foreign_and_unknown_are_the_same(world):
    case = at_dongshan(world)
    assert access_case(viewer=world.viewer(world.lin), case_no=case.case_no).outlet_code == "DS01"
    for case_no in (case.case_no, "nothing"):
        with pytest.raises(NotFound):
            access_case(viewer=world.viewer(world.he), case_no=case_no)


def test_head_offices_queue_is_not_the_outlets(world):
    case = opened(world)
    with pytest.raises(NotFound):
        access_case(viewer=world.viewer(world.lin), case_no=case.case_no)
    assert access_case(viewer=world.viewer(world.quality), case_no=case.case_no).outlet_id is None


def test_a_role_without_cases_is_told_so(world):
    with pytest.raises(NotAllowed):
        access_case(viewer=world.viewer(world.operator), case_no=at_dongshan(world).case_no)


def test_the_private_link(world):
    case = at_dongshan(world)
    assert get_case_by_token(case.token).case_no == case.case_no
    with pytest.raises(NotFound):
        get_case_by_token(case.token[:-1])


def test_an_internal_case_has_no_link(world):
    case = opened(world, is_internal=True, by=world.viewer(world.quality))
    with pytest.raises(NotFound):
        get_case_by_token(case.token)


def test_the_strictest_promise_first_page_by_page(world):
    cases = many(world, 5)
    urgent = opened(
        world, category="URGE", ref=parcel(outlet_id=world.dongshan_id, waybill_no="YT8800000000009")
    )
    lin, seen, cursor = world.viewer(world.lin), [], None
    while True:
        page = read(lin, cursor=cursor, limit=2)
        seen += numbers(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == sorted([urgent.case_no, *(case.case_no for case in cases)])
    assert seen[:2] == [cases[0].case_no, urgent.case_no]


@pytest.mark.parametrize("cursor", ["x", "W10", "WyIyMDI2IiwgMV0", "é"])
def test_a_mangled_cursor_is_refused(world, cursor):
    with pytest.raises(Invalid):
        read(world.viewer(world.lin), cursor=cursor)


def test_views(world):
    mine, waiting, late = many(world, 3)
    lin, he = world.viewer(world.lin), world.viewer(world.he)
    add_reply(case_id=mine.case_id, text="在办", by=lin, at=START)
    change_status(case_id=waiting.case_id, status="WAITING_THIRD_PARTY", reason="等监控", by=lin, at=START)
    assert numbers(read(lin, view="mine")) == [mine.case_no]
    assert numbers(read(lin, view="waiting")) == [waiting.case_no]
    assert set(numbers(read(lin, view="unassigned"))) == {waiting.case_no, late.case_no}
    assert numbers(worklist(viewer=lin, view="breaking", at=START)) == []
    assert late.case_no in numbers(worklist(viewer=lin, view="breaking", at=START + 2 * HOUR))
    assert numbers(read(he, view="outlet")) == []
    assert worklist_counts(viewer=lin, at=START) == {
        "mine": 1,
        "outlet": 3,
        "unassigned": 2,
        "breaking": 0,
        "waiting": 1,
        "offered": 0,
    }


def test_narrowed(world):
    (delay,) = many(world, 1, category="DELAY")
    other = opened(world)
    everything = SYSTEM_VIEWER
    assert numbers(read(everything, category="DELAY")) == [delay.case_no]
    assert numbers(read(everything, outlet="DS01")) == [delay.case_no]
    assert numbers(read(everything, outlet="HQ")) == [other.case_no]
    assert numbers(read(everything, due_before=START + 3 * HOUR)) == [other.case_no]
    assert numbers(read(everything, status="RESOLVED")) == []
    assert numbers(read(world.viewer(world.lin), outlet="JN01")) == []


@pytest.mark.parametrize("wanted", [{"view": "none"}, {"status": "NONE"}])
def test_unknown_wishes_are_refused(world, wanted):
    with pytest.raises(Invalid):
        read(world.viewer(world.lin), **wanted)


@pytest.mark.parametrize("q", ["yt 8800-0000 00001", CONSUMER_PHONE, "0001", "王女士", "W-7"])
def test_found_by_what_people_have_at_hand(world, q):
    case = at_dongshan(world, source="HQ", external_no="W-7", by=world.viewer(world.lin))
    assert numbers(read(world.viewer(world.lin), q=q)) == [case.case_no]
    assert numbers(read(world.viewer(world.he), q=q)) == []


def test_found_by_its_number_when_it_is_over(world):
    case = at_dongshan(world)
    assert numbers(read(world.viewer(world.lin), q=case.case_no)) == [case.case_no]
    assert [line.case_no for line in list_cases(viewer=SYSTEM_VIEWER, case_nos=[case.case_no])] == [
        case.case_no
    ]
    for found in (
        list_cases_of_waybill(viewer=SYSTEM_VIEWER, waybill_no="YT8800000000001"),
        list_cases_of_contact(viewer=SYSTEM_VIEWER, contact_id=world.contact_id),
    ):
        assert [line.case_no for line in found] == [case.case_no]


@pytest.mark.parametrize("count", [3, 30])
def test_a_page_costs_three_statements(world, count, django_assert_num_queries):
    many(world, count)
    lin = world.viewer(world.lin)
    with django_assert_num_queries(3):
        page = read(lin)
    assert len(page.items) == min(count, 25)
    assert page.items[0].text == "显示签收了，可我没收到"


def test_a_case_given_away_leaves_the_list(world):
    (case,) = many(world, 1)
    lin = world.viewer(world.lin)
    assign(
        case_id=case.case_id,
        outlet_id=world.jiangning_id,
        assignee_id=None,
        reason="在江宁",
        by=lin,
        at=START,
    )
    assert numbers(read(lin)) == []
    assert numbers(read(world.viewer(world.he))) == [case.case_no]
