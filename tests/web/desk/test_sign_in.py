"""Signing in: one answer for every wrong try, a lock after five, the code only where there is one."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.web.desk.conftest import browser
from tests.world import PASSWORD, World
from yishi.cases.queries.cards import CaseCard

SIGN_IN = "/desk/sign-in"


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_the_right_words_open_the_desk(world: World) -> None:
    client = Client()
    answer = sign_in(client, "lin")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert who(client) == str(world.lin.pk)


def test_an_operator_comes_to_his_own_pages(world: World) -> None:
    assert sign_in(Client(), "yunwei")["Location"] == "/manage/"


def test_unknown_names_and_wrong_passwords_get_the_same_page(world: World) -> None:
    wrong, unknown = sign_in(Client(), "lin", "nope"), sign_in(Client(), "nobody", "nope")
    assert wrong.status_code == unknown.status_code == 401
    assert (
        wrong.content.replace(b"lin", b"").count(b'role="alert"')
        == unknown.content.count(b'role="alert"')
        == 1
    )
    assert "用户名或密码不对" in wrong.content.decode() and "用户名或密码不对" in unknown.content.decode()
    assert "动态口令" not in wrong.content.decode()


def test_five_wrong_tries_lock(world: World) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, "lin", "nope")
    answer = sign_in(client, "lin")
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert "试错太多次" in answer.content.decode()
    assert who(client) is None


def test_a_foreign_address_is_not_followed(world: World) -> None:
    assert sign_in(Client(), "lin", next="https://evil.example/")["Location"] == "/desk/"
    assert sign_in(Client(), "lin", next="//evil.example/")["Location"] == "/desk/"
    assert sign_in(Client(), "lin", next="/desk/me")["Location"] == "/desk/me"


def test_the_code_is_asked_only_where_there_is_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from yishi.people.models import User

    User.objects.filter(pk=world.lin.pk).update(otp_secret="A" * 32, otp_confirmed_at=world.lin.created_at)
    answer = sign_in(Client(), "lin")
    assert answer.status_code == 401 and "动态口令" in answer.content.decode()


def test_strangers_are_led_to_the_sign_in_and_back(db: None) -> None:
    answer = Client().get("/desk/?view=outlet")
    assert answer["Location"] == "/desk/sign-in?next=%2Fdesk%2F%3Fview%3Doutlet"


def test_a_fragment_sends_the_whole_page(db: None) -> None:
    answer = Client().get("/desk/news", headers={"HX-Request": "true", "HX-Current-URL": "/desk/"})
    assert answer.status_code == 401 and answer["HX-Redirect"].startswith("/desk/sign-in")


def test_signing_out_ends_the_session(world: World) -> None:
    client = browser(world.lin)
    assert client.get("/desk/sign-out").status_code == 405
    assert client.post("/desk/sign-out").status_code == 302
    assert who(client) is None


def test_the_page_keeps_its_policy(db: None) -> None:
    policy = Client().get(SIGN_IN)["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy


def test_a_form_sent_too_late_leads_back_to_its_page(case: CaseCard) -> None:
    page = f"http://testserver/desk/cases/{case.case_no}"
    answer = Client().post(f"/desk/cases/{case.case_no}/reply", {"text": "您好"}, headers={"Referer": page})
    assert answer["Location"] == f"/desk/sign-in?{urlencode({'next': page})}"
