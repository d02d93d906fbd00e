"""A database that is lost in the middle: 503 and when to try again, as a problem or as a page."""

import django.db
import psycopg
import pytest

from tests.api.conftest import COMPLAINT
from yishi.cases.models.case import Case

LOST = [
    django.db.OperationalError,
    django.db.InterfaceError,
    psycopg.OperationalError,
    psycopg.errors.AdminShutdown,
]


def losing(error):
    def lose(*_, **__):
        raise error("server closed the connection unexpectedly")

    return lose


@pytest.mark.parametrize("error", LOST)
@pytest.mark.parametrize(
    ("place", "headers"),
    [
        ("yishi.api.public.file_complaint", {}),
        ("yishi.api.public.file_complaint", {"Idempotency-Key": "k"}),
        ("yishi.api.idempotent.claim", {"Idempotency-Key": "k"}),
    ],
)
def test_a_write_is_answered_with_try_again(public, monkeypatch, error, place, headers):
    monkeypatch.setattr(place, losing(error))
    answer = public.post("/public/cases", COMPLAINT, **headers)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:yishi:error:unavailable")
    assert answer.headers["Retry-After"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("error", LOST)
def test_a_page_says_so_in_words(public, monkeypatch, error):
    monkeypatch.setattr("yishi.web.consumer.views.parcel.get_public_shipment", losing(error))
    answer = public.client.get("/t/YT6190000000001")
    assert answer.status_code == 503 and "都在" in answer.content.decode()
