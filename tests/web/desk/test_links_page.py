"""Duplicates are offered on the case's page, merged, taken apart; a part becomes a case of its own."""

from django.test import Client

from tests.cases.making import at_dongshan, opened
from tests.web.desk.conftest import open_at
from tests.world import World
from yishi.cases.models.case import Case
from yishi.cases.queries.cards import CaseCard, get_case
from yishi.kit.clock import now


def test_a_duplicate_is_offered_merged_and_taken_apart(lin: Client, world: World) -> None:
    first, later = at_dongshan(world, at=now()), opened(world, at=now(), category="DELAY")
    Case.objects.filter(pk=later.case_id).update(outlet_id=world.dongshan_id)
    page = lin.get(f"/desk/cases/{later.case_no}").content.decode()
    assert "像是同一件事" in page and "同一个包裹" in page and first.case_no in page
    answer = lin.post(f"/desk/cases/{later.case_no}/merge", {"other": first.case_no, "way": "from"})
    assert answer.headers["Location"].endswith(f"/cases/{later.case_no}?done=merge")
    merged = lin.get(f"/desk/cases/{first.case_no}").content.decode()
    assert "这件并进了" in merged and get_case(first.case_id).status == "CLOSED"
    lin.post(f"/desk/cases/{first.case_no}/unmerge")
    assert get_case(first.case_id).merged_into_id is None


def test_a_foreign_case_is_not_merged(lin: Client, world: World, case: CaseCard) -> None:
    foreign = open_at(world.jiangning_id)
    answer = lin.post(f"/desk/cases/{case.case_no}/merge", {"other": foreign.case_no, "way": "into"})
    assert answer.status_code == 404
    assert get_case(case.id).is_open


def test_a_part_is_split_off(lin: Client, case: CaseCard) -> None:
    said = {"category": "ATTITUDE", "text": "还骂人", "version": case.version}
    lin.post(f"/desk/cases/{case.case_no}/split", said)
    page = lin.get(f"/desk/cases/{case.case_no}").content.decode()
    assert "拆出去的" in page and "服务态度" in page
    again = lin.post(f"/desk/cases/{case.case_no}/split", said)
    assert again.status_code == 409
