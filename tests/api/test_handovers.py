"""An offered case is accepted, or refused with proof, by program."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.conftest import COMPLAINT
from tests.api.test_public import photo
from yishi.cases.models.history import Evidence, TimelineEntry
from yishi.kit.models import StoredFile
from yishi.routing.models import HandOver

pytestmark = pytest.mark.django_db


@pytest.fixture
def case_no(agent, head_office, world):
    """A case of Dongshan's that it has offered to Jiangning."""
    number = head_office.post("/cases", COMPLAINT).json()["case_no"]
    head_office.post(f"/cases/{number}/assign", {"outlet": "DS01", "reason": "东山派送"})
    offered = agent.post(f"/cases/{number}/assign", {"outlet": "JN01", "reason": "江宁中转时碎的"})
    assert offered.json()["handover"]["to"] == "JN01", offered.content
    return number


def refused(answer, status, name):
    assert answer["Content-Type"].startswith("application/problem+json")
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:yishi:error:{name}")


def test_whoever_was_asked_accepts_and_leads(stranger, agent, case_no):
    refused(agent.post(f"/cases/{case_no}/handover/accept"), 403, "not_allowed")
    taken = stranger.post(f"/cases/{case_no}/handover/accept", **{"Idempotency-Key": "once"})
    assert (taken.status_code, taken.json()["outlet"], taken.json()["handover"]) == (200, "JN01", None)
    again = stranger.post(f"/cases/{case_no}/handover/accept", **{"Idempotency-Key": "once"})
    assert (again.json(), again["Idempotency-Replayed"]) == (taken.json(), "true")
    before = TimelineEntry.objects.count()
    refused(stranger.post(f"/cases/{case_no}/handover/accept"), 409, "handover_answered")
    assert TimelineEntry.objects.count() == before


def test_not_ours_needs_proof_and_keeps_nothing_without(stranger, case_no):
    bare = stranger.post(f"/cases/{case_no}/handover/refuse", {"reason": "不是我们的"})
    refused(bare, 422, "proof_needed")
    assert bare.json()["errors"][0]["pointer"] == "/proof"
    parts = {
        "answer": json.dumps({"reason": ""}),
        "attachments": SimpleUploadedFile("a.jpg", photo(), "image/jpeg"),
    }
    where = f"/api/v1/cases/{case_no}/handover/refuse"
    bearer = {"Authorization": f"Bearer {stranger.key}"}
    wordless = stranger.client.post(where, parts, headers=bearer)
    assert (wordless.status_code, wordless.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert HandOver.objects.get().answer == "" and not StoredFile.objects.exists()
    parts = {
        "answer": json.dumps({"reason": "我们扫描时是好的"}),
        "attachments": SimpleUploadedFile("a.jpg", photo(), "image/jpeg"),
    }
    said = stranger.client.post(where, parts, headers=bearer)
    assert (said.status_code, said.json()["outlet"], said.json()["handover"]) == (200, "DS01", None)
    assert HandOver.objects.get().answer == "REFUSED" and Evidence.objects.count() == 1


def test_proof_the_case_has_already_is_named_by_its_id(stranger, agent, case_no):
    agent.client.post(
        f"/api/v1/cases/{case_no}/evidence",
        {"attachments": SimpleUploadedFile("a.jpg", photo(), "image/jpeg")},
        headers={"Authorization": f"Bearer {agent.key}"},
    )
    shown = stranger.get(f"/cases/{case_no}").json()["evidence"][0]["id"]
    wrong = stranger.post(f"/cases/{case_no}/handover/refuse", {"reason": "看照片", "shown": ["nothing"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/shown/0")
    said = stranger.post(f"/cases/{case_no}/handover/refuse", {"reason": "看照片", "shown": [shown]})
    assert said.status_code == 200 and HandOver.objects.get().answer == "REFUSED"


def test_what_was_never_offered_is_not_found(agent, head_office):
    number = head_office.post("/cases", COMPLAINT).json()["case_no"]
    head_office.post(f"/cases/{number}/assign", {"outlet": "DS01", "reason": "东山派送"})
    refused(agent.post(f"/cases/{number}/handover/accept"), 404, "not_found")
