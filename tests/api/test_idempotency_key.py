"""`Idempotency-Key`: said again for the same content, refused for other, free after a refusal."""

import pytest

from tests.api.conftest import COMPLAINT
from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "one"}


def test_the_first_answer_is_said_again(public):
    first = public.post("/public/cases", COMPLAINT, **KEY)
    again = public.post("/public/cases", COMPLAINT, **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_other_content_under_the_same_key_is_422(public):
    public.post("/public/cases", COMPLAINT, **KEY)
    other = public.post("/public/cases", {**COMPLAINT, "text": "另一件事"}, **KEY)
    assert (other.status_code, other.json()["type"]) == (422, "urn:yishi:error:idempotency_key_reused")
    assert Case.objects.count() == 1


def test_a_refusal_leaves_the_key_free(public):
    assert public.post("/public/cases", {**COMPLAINT, "text": ""}, **KEY).status_code == 422
    assert public.post("/public/cases", COMPLAINT, **KEY).status_code == 201


def test_callers_do_not_meet(agent, head_office):
    case_no = head_office.post("/cases", COMPLAINT).json()["case_no"]
    assert head_office.post(f"/cases/{case_no}/notes", {"text": "看过"}, **KEY).status_code == 201
    assert (
        head_office.post(f"/cases/{case_no}/notes", {"text": "看过"}, **KEY)["Idempotency-Replayed"] == "true"
    )
    assert TimelineEntry.objects.filter(kind="NOTE").count() == 1


def test_a_key_longer_than_255_is_400(public):
    assert public.post("/public/cases", COMPLAINT, **{"Idempotency-Key": "a" * 256}).status_code == 400
