"""What anybody may do without an account: complain, follow, answer, rate; and how refusals look."""

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.api.conftest import COMPLAINT
from yishi.cases.actions import floods
from yishi.cases.models.case import Case
from yishi.cases.models.history import Evidence, TimelineEntry

pytestmark = pytest.mark.django_db


def photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    return file.getvalue()


def test_a_complaint_is_taken_and_can_be_followed(public):
    answer = public.post("/public/cases", COMPLAINT)
    opened = answer.json()
    assert answer.status_code == 201, opened
    promised = {"first_reply_due_at", "resolution_due_at"}
    assert set(opened) == {"case_no", "token", "progress_url", "is_verified", "outlet"} | promised
    assert opened["progress_url"].endswith(f"/c/{opened['token']}")
    assert opened["is_verified"] is False
    followed = public.get(f"/public/cases/{opened['token']}").json()
    assert (followed["case_no"], followed["status"], followed["category"]) == (
        opened["case_no"],
        "OPEN",
        "DAMAGED",
    )
    assert "杯子碎了两只" in [entry["text"] for entry in followed["timeline"]]
    assert {"FIRST_RESPONSE", "RESOLUTION"} <= {clock["kind"] for clock in followed["clocks"]}


def test_the_same_complaint_within_a_minute_is_one_case(public):
    first, again = public.post("/public/cases", COMPLAINT), public.post("/public/cases", COMPLAINT)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["case_no"] == again.json()["case_no"]
    assert Case.objects.count() == 1


def test_photos_come_as_parts(public):
    parts = {
        "case": json.dumps(COMPLAINT),
        "attachments": [
            SimpleUploadedFile("a.jpg", photo(), "image/jpeg"),
            SimpleUploadedFile("b.jpg", photo(), "image/jpeg"),
        ],
    }
    answer = public.client.post("/api/v1/public/cases", parts)
    assert answer.status_code == 201, answer.content
    assert Evidence.objects.count() == 2


def test_a_photo_that_is_none_is_refused_and_nothing_is_kept(public):
    parts = {
        "case": json.dumps(COMPLAINT),
        "attachments": [SimpleUploadedFile("a.jpg", b"not a photo", "image/jpeg")],
    }
    answer = public.client.post("/api/v1/public/cases", parts)
    assert answer.status_code in {415, 422}
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"category": "NOISE"}, "/category", "unknown_category"),
        ({"category": "FALSE_SIGN_OFF"}, "/category", "unknown_category"),
        ({"text": "  "}, "/text", "missing_field"),
        ({"text": "字" * 20_001}, "/text", "too_long"),
        ({"contact": {}}, "/contact", "missing_field"),
        ({"contact": {"phone": "12"}}, "/contact/phone", "bad_phone"),
        ({"contact": {"email": "wang"}}, "/contact/email", "bad_email"),
        ({"contact": {"email": "a@b.cn\r\nBcc: c@d.cn"}}, "/contact/email", "bad_email"),
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"text": None}, "/text", "bad_value"),
    ],
)
def test_a_wrong_field_is_named(public, change, pointer, code):
    answer = public.post("/public/cases", {**COMPLAINT, **change})
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "urn:yishi:error:invalid")
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in problem["errors"]]
    assert not Case.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", '"a"', b"\xff\xfe", "[" * 100_000])
def test_what_cannot_be_read_is_400(public, body):
    answer = public.post("/public/cases", body)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:yishi:error:unreadable")


def test_another_content_type_is_415(public):
    answer = public.client.post("/api/v1/public/cases", "<a/>", content_type="application/xml")
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud83d", "\u202egnol", "😀" * 50, "<script>alert(1)</script>", "=1+1"]
)
def test_strange_texts_are_kept_and_do_no_harm(public, text):
    answer = public.post("/public/cases", {**COMPLAINT, "text": f"坏了 {text}"})
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize(
    "number", ["ＹＴ６１９０００００００００１", " yt619-0000000001 ", "YT6190000000001"]
)
def test_a_number_is_read_however_it_is_typed(public, number):
    public.post("/public/cases", {**COMPLAINT, "waybill_no": number})
    assert Case.objects.get().waybill_no == "YT6190000000001"


def test_a_number_sent_as_a_json_number_is_read_as_text(public):
    public.post("/public/cases", {**COMPLAINT, "waybill_no": 3160000261634})
    assert Case.objects.get().waybill_no == "3160000261634"


def test_problems_speak_the_readers_language(public):
    zh = public.get("/public/cases/nothing").json()
    en = public.get("/public/cases/nothing", **{"Accept-Language": "en"}).json()
    assert zh["title"] == "没有找到"
    assert en["type"] == zh["type"] == "urn:yishi:error:not_found"


def test_the_consumer_answers_escalates_and_withdraws(public):
    token = public.post("/public/cases", COMPLAINT).json()["token"]
    assert public.post(f"/public/cases/{token}/replies", {"text": "还有一只裂了"}).status_code == 201
    assert public.post(f"/public/cases/{token}/escalate", {}).status_code == 200
    withdrawn = public.post(f"/public/cases/{token}/withdraw", {"reason": "找到了"})
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "WITHDRAWN")


def test_an_open_case_cannot_be_rated(public):
    token = public.post("/public/cases", COMPLAINT).json()["token"]
    assert public.post(f"/public/cases/{token}/rating", {"score": 5}).status_code == 409
    assert public.post(f"/public/cases/{token}/rating", {"score": 6}).status_code == 422


def test_an_unknown_private_link_is_404_and_changes_nothing(public):
    for verb in ("replies", "escalate", "withdraw", "rating"):
        body = {"text": "a"} if verb == "replies" else {"score": 5} if verb == "rating" else {}
        assert public.post(f"/public/cases/unknown/{verb}", body).status_code == 404
    assert not TimelineEntry.objects.exists()


def test_a_code_is_sent_and_proves_the_phone(public, monkeypatch):
    sent = public.post("/public/codes", {"phone": "19900000001"})
    assert sent.status_code == 202
    assert set(sent.json()) == {"code_id", "expires_at"}


def test_unknown_parcels_answer_404(public):
    answer = public.get("/public/shipments/YT6190009999999")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json; charset=utf-8")


def test_twenty_one_complaints_an_hour_are_one_too_many(public):
    answers = [public.post("/public/cases", {**COMPLAINT, "text": f"第 {n} 次"}) for n in range(21)]
    assert [a.status_code for a in answers[:20]].count(429) == 0
    assert answers[20].status_code == 429
    assert int(answers[20]["Retry-After"]) > 0


def test_what_programs_and_pages_say_in_a_case_is_counted_together(public, monkeypatch):
    monkeypatch.setattr(floods, "WORDS_AN_HOUR", 3)
    token = public.post("/public/cases", COMPLAINT).json()["token"]
    assert public.post(f"/public/cases/{token}/replies", {"text": "一"}).status_code == 201
    assert public.client.post(f"/c/{token}/say", {"text": "二"}).status_code == 302
    assert public.post(f"/public/cases/{token}/escalate", {"reason": "三"}).status_code == 200
    said = TimelineEntry.objects.count()
    bodies = {"replies": {"text": "四"}, "rating": {"score": 5}}
    verbs = ("replies", "escalate", "withdraw", "urge", "reopen", "rating")
    answers = [public.post(f"/public/cases/{token}/{v}", bodies.get(v, {"reason": "四"})) for v in verbs]
    assert {a.status_code for a in answers} == {429} and TimelineEntry.objects.count() == said
    assert public.client.post(f"/c/{token}/say", {"text": "四"}).status_code == 429
