"""Every page of desk and manage by role: who comes in, who reads 403, who is led to the sign-in."""

import pytest
from django.test import Client

from tests.web.desk.conftest import browser
from tests.world import World, add_person
from yishi.cases.queries.cards import CaseCard
from yishi.people.rules import Role

CARE = ["lin", "zhou", "quality", "owner"]
OPERATE = ["quality", "operator", "owner"]
DESK = [
    "/desk/",
    "/desk/news",
    "/desk/live",
    "/desk/cases/{no}",
    "/desk/cases/{no}/news",
    "/desk/cases/{no}/live",
]
MANAGE = ["/manage/", "/manage/notices", "/manage/outlets", "/manage/people"]
PEOPLE = ["lin", "zhou", "quality", "owner", "operator"]


@pytest.mark.parametrize("page", [*DESK, *MANAGE])
@pytest.mark.parametrize("name", PEOPLE)
def test_who_comes_in(world: World, case: CaseCard, name: str, page: str) -> None:
    wanted = 200 if name in (CARE if page in DESK else OPERATE) else 403
    answer = browser(getattr(world, name)).get(page.format(no=case.case_no))
    assert answer.status_code == wanted
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize("role", [Role.COURIER, Role.STATION_KEEPER])
@pytest.mark.parametrize("page", [*DESK, *MANAGE])
def test_couriers_and_keepers_have_their_own_page_only(
    world: World, case: CaseCard, role: Role, page: str
) -> None:
    client = browser(add_person("someone", "某人", role, "DS01"))
    assert client.get(page.format(no=case.case_no)).status_code == 403
    assert client.get("/desk/me").status_code == 200


@pytest.mark.parametrize("page", [*DESK, *MANAGE, "/desk/me"])
def test_strangers_are_led_to_the_sign_in(case: CaseCard, page: str) -> None:
    answer = Client().get(page.format(no=case.case_no))
    assert answer.status_code == 302 and answer["Location"].startswith("/desk/sign-in?next=")


def test_whoever_is_deactivated_is_out_with_the_next_click(world: World) -> None:
    from yishi.people.actions import deactivate_user
    from yishi.people.rules import SYSTEM_VIEWER

    client = browser(world.lin)
    assert client.get("/desk/").status_code == 200
    deactivate_user(user_id=world.lin.pk, by=SYSTEM_VIEWER, at=world.lin.created_at)
    assert client.get("/desk/").status_code == 302
