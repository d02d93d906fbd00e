"""Cases for programs of staff: every verb, the one door, and what a refusal leaves unchanged."""

import pytest

from tests.api.conftest import COMPLAINT
from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def case_no(agent, head_office, world):
    """A case at Dongshan."""
    number = head_office.post("/cases", COMPLAINT).json()["case_no"]
    moved = head_office.post(f"/cases/{number}/assign", {"outlet": "DS01", "reason": "东山派送"})
    assert moved.status_code == 200, moved.content
    return number


def test_an_opened_case_has_the_whole_shape(head_office):
    answer = head_office.post("/cases", {**COMPLAINT, "source": "PHONE", "priority": 1})
    case = answer.json()
    assert answer.status_code == 201, case
    assert (case["source"], case["priority"], case["status"], case["outlet"]) == ("PHONE", 1, "OPEN", None)
    assert case["contact"] == {"name": "王*", "phone": "199****0001", "email": ""}
    assert case["version"] >= 1


def test_a_work_order_that_comes_twice_is_one_case(head_office):
    order = {**COMPLAINT, "source": "HQ", "external_no": "HQ-1"}
    first, again = head_office.post("/cases", order), head_office.post("/cases", {**order, "text": "又来"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["case_no"] == again.json()["case_no"]


def test_reply_note_status_and_settle(agent, case_no):
    assert agent.post(f"/cases/{case_no}/replies", {"text": "马上去找"}).status_code == 201
    assert agent.post(f"/cases/{case_no}/notes", {"text": "问过司机"}).status_code == 201
    assert (
        agent.post(f"/cases/{case_no}/status", {"status": "WAITING_CUSTOMER"}).json()["status"]
        == "WAITING_CUSTOMER"
    )
    settled = agent.post(
        f"/cases/{case_no}/resolve",
        {
            "remedy": "REPLACED",
            "text": "已补发",
            "root_cause": "PACKAGING",
            "finding": {"validity": "VALID", "reason": "外箱压坏"},
        },
    )
    assert settled.status_code == 200, settled.content
    case = settled.json()
    assert (case["status"], case["finding"]["validity"]) == ("RESOLVED", "VALID")
    met = {c["kind"]: c["met_at"] for c in case["clocks"]}
    assert met["FIRST_RESPONSE"]
    assert met["RESOLUTION"]
    reopened = agent.post(f"/cases/{case_no}/reopen", {"reason": "又坏了"})
    assert reopened.json()["status"] == "IN_PROGRESS"


def test_an_internal_note_is_never_public(agent, public, case_no):
    agent.post(f"/cases/{case_no}/notes", {"text": "内部的话"})
    token = public.post("/public/cases", COMPLAINT).json()["token"]
    texts = [e["text"] for e in public.get(f"/public/cases/{token}").json()["timeline"]]
    assert "内部的话" not in texts


def test_a_stale_version_is_409_and_changes_nothing(agent, case_no):
    version = agent.get(f"/cases/{case_no}").json()["version"]
    assert agent.post(f"/cases/{case_no}/replies", {"text": "一", "version": version}).status_code == 201
    late = agent.post(f"/cases/{case_no}/replies", {"text": "二", "version": version})
    assert (late.status_code, late.json()["type"]) == (409, "urn:yishi:error:stale")
    assert not TimelineEntry.objects.filter(text="二").exists()


VERBS = [
    ("replies", {"text": "a"}),
    ("notes", {"text": "a"}),
    ("assign", {"outlet": "JN01", "reason": "a"}),
    ("status", {"status": "IN_PROGRESS"}),
    ("resolve", {"remedy": "OTHER", "text": "a", "finding": {"validity": "VALID", "reason": "a"}}),
    ("reopen", {"reason": "a"}),
]


@pytest.mark.parametrize(("verb", "body"), VERBS)
def test_a_foreign_case_is_unknown_and_unchanged(stranger, case_no, verb, body):
    before = TimelineEntry.objects.count()
    assert stranger.get(f"/cases/{case_no}").status_code == 404
    assert stranger.post(f"/cases/{case_no}/{verb}", body).status_code == 404
    assert TimelineEntry.objects.count() == before


@pytest.mark.parametrize(("verb", "body"), VERBS)
def test_a_role_that_may_not_is_403(courier, case_no, verb, body):
    before = TimelineEntry.objects.count()
    assert courier.post(f"/cases/{case_no}/{verb}", body).status_code == 403
    assert TimelineEntry.objects.count() == before


@pytest.mark.parametrize("key", ["", "yk_wrong"])
def test_without_a_good_key_it_is_401(world, key):
    from tests.api.conftest import Caller

    answer = Caller(key).get("/cases")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_the_list_is_in_order_of_the_next_promise_and_pages_do_not_overlap(head_office):
    for number in range(5):
        head_office.post("/cases", {**COMPLAINT, "waybill_no": f"YT619000000010{number}"})
    first = head_office.get("/cases?limit=3").json()
    rest = head_office.get(f"/cases?limit=3&cursor={first['next_cursor']}").json()
    rows = first["items"] + rest["items"]
    assert len({row["case_no"] for row in rows}) == 5
    assert rest["next_cursor"] is None
    assert [(r["next_due_at"], r["case_no"]) for r in rows] == sorted(
        (r["next_due_at"], r["case_no"]) for r in rows
    )


@pytest.mark.parametrize(
    "query", ["cursor=forged", "limit=0", "limit=101", "status=NOPE", "due_before=yesterday"]
)
def test_a_wrong_question_is_422(head_office, query):
    assert head_office.get(f"/cases?{query}").status_code == 422


def test_an_agent_lists_his_outlet_only(agent, stranger, case_no):
    assert [row["case_no"] for row in agent.get("/cases").json()["items"]] == [case_no]
    assert stranger.get("/cases").json()["items"] == []
    assert Case.objects.count() == 1


def test_cookies_open_no_door(world):
    from tests.api.conftest import Caller

    caller = Caller()
    caller.client.force_login(world.lin)
    assert caller.get("/cases").status_code == 401


def test_giving_to_a_foreign_outlet_is_an_offer(agent, head_office, stranger, case_no):
    given = {"outlet": "JN01", "reason": "在江宁中转时丢的"}
    answer = agent.post(f"/cases/{case_no}/assign", given)
    assert (answer.status_code, answer.json()["outlet"]) == (200, "DS01")
    assert answer.json()["handover"]["to"] == "JN01"
    assert stranger.get(f"/cases/{case_no}").status_code == 200, "who is asked may look"
    assert stranger.post(f"/cases/{case_no}/replies", {"text": "我们来"}).status_code == 403
    again = agent.post(f"/cases/{case_no}/assign", given)
    assert (again.status_code, again.json()["type"]) == (409, "urn:yishi:error:handover_waits")
    # head office moves it at once, and the offer falls away
    moved = head_office.post(f"/cases/{case_no}/assign", given).json()
    assert (moved["outlet"], moved["handover"], moved["parties"]) == ("JN01", None, [])
