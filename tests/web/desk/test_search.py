"""One box on the desk: what was said with marks, people masked, nothing foreign, nothing typed is markup."""

from django.test import Client

from tests.web.desk.conftest import open_at
from tests.world import World
from yishi.cases.queries.cards import CaseCard
from yishi.kit.clock import now
from yishi.kit.outbox import run_due


def page(client: Client, q: str) -> str:
    answer = client.get("/desk/search", {"q": q})
    assert answer.status_code == 200
    return answer.content.decode()


def test_words_are_marked_and_people_masked(lin: Client, world: World) -> None:
    case = open_at(world.dongshan_id, text="快递员<b>态度</b>很差", contact_id=world.contact_id)
    run_due(at=now())
    text = page(lin, "态度")
    assert f"row-{case.case_no}" in text and "&lt;b&gt;<mark>态度</mark>&lt;/b&gt;" in text
    people = page(lin, "19900000001")
    assert "199****0001" in people and "王*" in people and "王女士" not in people


def test_a_foreign_desk_finds_nothing_and_is_told_why(he: Client, case: CaseCard) -> None:
    run_due(at=now())
    text = page(he, "敲门")
    assert case.case_no not in text and "没有找到“敲门”" in text


def test_what_is_typed_is_never_markup(lin: Client) -> None:
    assert "<script>alert" not in page(lin, '"><script>alert(1)</script>')
    assert "一个框" in page(lin, "")
