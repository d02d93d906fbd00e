"""What every answer carries, what a session is, and the API's own page in a browser."""

import pytest
from django.test import Client

from tests.security.conftest import strict_client
from tests.web.desk.conftest import browser
from tests.world import PASSWORD, START
from yishi.config.middleware import MAX_REQUEST
from yishi.people.actions import add_key, change_password, deactivate_user
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER, Role

PUBLIC = ["/", "/t/771200000017402", "/complain", "/desk/sign-in", "/nothing", "/api/v1/nothing", "/metrics"]
PRIVATE = ["/desk/", "/desk/me", "/desk/cases/{no}", "/manage/", "/manage/people"]


@pytest.mark.parametrize("address", [*PUBLIC, *PRIVATE])
def test_every_answer_is_fenced_in(place, world, address):
    client = browser(world.owner) if address in PRIVATE else Client()
    answer = client.get(address.format(no=place.case.case_no))
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'" and policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'" and policy["form-action"] == "'self'"
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")
    assert (
        answer["Referrer-Policy"] == "same-origin" and answer["Cross-Origin-Opener-Policy"] == "same-origin"
    )


def test_private_answers_are_not_kept(place, world):
    for address in PRIVATE:
        answer = browser(world.owner).get(address.format(no=place.case.case_no))
        assert "no-store" in answer["Cache-Control"]
    key = add_key(role=Role.QUALITY, name="hq", by=SYSTEM_VIEWER, at=START)
    answer = Client().get("/api/v1/cases", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    photo = browser(world.lin).get(f"/desk/files/{place.file_id}")
    assert photo.status_code == 200 and "no-store" in photo["Cache-Control"]
    assert "sandbox" in photo["Content-Security-Policy"] and photo["X-Content-Type-Options"] == "nosniff"


def sign_in(client, **said):
    return client.post("/desk/sign-in", {"username": "lin", "password": PASSWORD, **said})


def test_signing_in_gives_a_new_session_that_scripts_cannot_read(world):
    client = Client()
    client.get("/desk/sign-in")
    client.session["x"] = 1
    client.cookies["sessionid"] = before = "a" * 32
    assert sign_in(client).status_code == 302
    cookie = client.cookies["sessionid"]
    assert cookie.value != before and cookie["httponly"] and cookie["samesite"] == "Lax"
    old = Client()
    old.cookies["sessionid"] = before
    assert old.get("/desk/").status_code == 302


def test_cookies_travel_encrypted_where_the_site_is(world, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    assert sign_in(client).status_code == 302
    assert client.cookies["sessionid"]["secure"] and client.cookies["csrftoken"]["secure"]
    assert client.cookies["csrftoken"]["httponly"]


def test_signing_in_from_another_site_is_refused(world):
    answer = strict_client().post("/desk/sign-in", {"username": "lin", "password": PASSWORD})
    assert answer.status_code == 403 and "sessionid" not in answer.cookies


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(world, onward):
    assert sign_in(Client(), next=onward)["Location"] == "/desk/"
    answer = Client().post("/language", {"next": onward, "language": "en"})
    assert answer["Location"] == "/"


def test_signing_out_ends_the_session_itself(world):
    client = browser(world.lin)
    kept = Client()
    kept.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post("/desk/sign-out")
    assert kept.get("/desk/").status_code == 302


def test_a_new_password_ends_the_other_sessions(world):
    client = browser(world.lin)
    change_password(user=world.lin, password=PASSWORD, new_password="another-long-word-7", at=START)
    assert client.get("/desk/").status_code == 302


def test_whoever_leaves_is_out_at_once(world):
    client = browser(world.lin)
    deactivate_user(user_id=world.lin.pk, by=SYSTEM_VIEWER, at=START)
    assert client.get("/desk/").status_code == 302
    assert sign_in(Client()).status_code == 401


def test_another_role_counts_with_the_next_click(world):
    client = browser(world.lin)
    User.objects.filter(pk=world.lin.pk).update(role=Role.COURIER)
    assert client.get("/desk/").status_code == 403


@pytest.mark.parametrize(
    "address", ["/complain", "/desk/sign-in", "/api/v1/public/cases", "/feeds/a/b", "/c/x/say"]
)
def test_too_long_a_request_is_refused_by_its_length(db, address):
    """The body is never read: there is none behind this length."""
    answer = Client(raise_request_exception=False).generic(
        "POST", address, b"", CONTENT_LENGTH=str(MAX_REQUEST + 1)
    )
    assert answer.status_code == 413


def test_the_page_of_the_api_names_no_other_host(db):
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200 and "//" not in page.content.decode()
    policy = page["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "default-src 'none';" in policy and "http" not in policy
