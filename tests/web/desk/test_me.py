"""A shared machine: handed over by PIN within one outlet, and nothing else."""

import pytest
from django.test import Client

from tests.web.desk.conftest import browser
from tests.world import PASSWORD, PIN, START, World
from yishi.cases.models.history import TimelineEntry
from yishi.cases.queries.cards import CaseCard
from yishi.people.actions import add_user
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER, Role


def who(client: Client) -> int:
    return int(client.session["_auth_user_id"])


def test_a_colleague_takes_over_by_pin(world: World) -> None:
    client = browser(world.lin)
    assert "周站长" in client.get("/desk/me").content.decode()
    assert client.post("/desk/switch", {"username": "zhou", "pin": PIN})["Location"] == "/desk/"
    assert who(client) == world.zhou.pk


def test_a_wrong_pin_changes_nothing(world: World) -> None:
    client = browser(world.lin)
    answer = client.post("/desk/switch", {"username": "zhou", "pin": "000001"})
    assert answer.status_code == 403 and "PIN 不对" in answer.content.decode()
    assert who(client) == world.lin.pk


def test_nobody_of_another_outlet_can_take_over(world: World) -> None:
    client = browser(world.lin)
    assert "何客服" not in client.get("/desk/me").content.decode()
    assert client.post("/desk/switch", {"username": "he", "pin": PIN}).status_code == 403
    assert who(client) == world.lin.pk


def test_setting_a_pin_asks_the_password(world: World) -> None:
    client, old = browser(world.lin), User.objects.get(pk=world.lin.pk).pin_hash
    wrong = client.post("/desk/pin", {"password": "nope", "pin": "2468", "again": "2468"})
    differs = client.post("/desk/pin", {"password": PASSWORD, "pin": "2468", "again": "2469"})
    assert wrong.status_code == 401 and differs.status_code == 422
    assert User.objects.get(pk=world.lin.pk).pin_hash == old
    right = client.post("/desk/pin", {"password": PASSWORD, "pin": "2468", "again": "2468"})
    assert right.status_code == 302
    assert User.objects.get(pk=world.lin.pk).pin_hash != old


@pytest.fixture
def desk(world: World) -> Client:
    """The machine at Dongshan's counter, signed in for everybody who sits there."""
    shared = add_user(
        username="dongshan", name="东山柜台", password=PASSWORD, role=Role.AGENT, outlet_codes=["DS01"],
        is_shared=True, by=SYSTEM_VIEWER, at=START,
    )  # fmt: skip
    return browser(shared)


def test_on_a_shared_account_nothing_is_done_by_nobody(desk: Client, case: CaseCard) -> None:
    page = f"/desk/cases/{case.case_no}"
    assert desk.get(page).status_code == 200
    lines = TimelineEntry.objects.count()
    for deed in ("reply", "note", "assign", "settle", "status"):
        answer = desk.post(f"{page}/{deed}", {"text": "在找"}, headers={"referer": page})
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/desk/me"), deed
    assert TimelineEntry.objects.count() == lines
    assert desk.post(f"{page}/reveal", {"reason": "想看看"}).status_code == 403
    assert "几个人共用" in desk.get("/desk/me").content.decode()


def test_after_the_pin_it_is_the_persons_own_deed(desk: Client, case: CaseCard, world: World) -> None:
    page = f"/desk/cases/{case.case_no}"
    assert desk.post("/desk/switch", {"username": "lin", "pin": PIN, "next": page})["Location"] == page
    desk.post(f"{page}/note", {"text": "问过司机"})
    assert TimelineEntry.objects.get(text="问过司机").author_id == world.lin.pk
    assert desk.post("/desk/switch/back").status_code == 302
    assert desk.post(f"{page}/note", {"text": "又一句"}).status_code == 302
    assert not TimelineEntry.objects.filter(text="又一句").exists()


def test_nobody_takes_a_shared_account_that_he_did_not_come_from(desk: Client, world: World) -> None:
    assert browser(world.lin).post("/desk/switch/back").status_code == 404
