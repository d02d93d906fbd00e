"""Injections and impossible signs in every field of pages and the public API: no crash, no markup."""

import pytest

from tests.security.conftest import PARCEL
from tests.security.probing import FORM, anybody, faults, pages_of, staff, with_each_word
from tests.security.words import WORDS, as_json, form, wire
from tests.world import CONSUMER_PHONE, PASSWORD, START
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role


def test_the_public_api(place, world):
    said = {"waybill_no": PARCEL, "carrier": "yuantong", "category": "DELAY", "text": "慢", "proof": ""}
    contact = {"phone": CONSUMER_PHONE, "email": "w@example.cn", "name": "王女士"}
    bodies = [(f, n, {**body, "contact": contact}) for f, n, body in with_each_word(said)]
    bodies += [(f, n, {**said, "contact": body}) for f, n, body in with_each_word(contact)]
    answers, links = [], {}
    for field, name, body in bodies:
        answer = anybody().post("/api/v1/public/cases", as_json(body), content_type="application/json")
        answers.append(((field, name), answer))
        if answer.status_code == 201:
            links[field, name] = answer.json()["token"]
    assert faults(answers) == []
    assert links, "a complaint is not barred by odd signs"
    assert faults((what, anybody().get(f"/c/{token}")) for what, token in links.items()) == []
    assert faults(pages_of(place, world)) == []


def test_the_consumers_own_steps(place, world):
    token = _token()
    answers = []
    for verb in ("replies", "escalate", "withdraw"):
        for name, word in WORDS.items():
            body = as_json({"text" if verb == "replies" else "reason": word})
            address = f"/api/v1/public/cases/{token}/{verb}"
            answers.append(((verb, name), anybody().post(address, body, content_type="application/json")))
    for verb in ("say", "escalate", "withdraw", "reopen"):
        for name, word in WORDS.items():
            answers.append(((verb, name), anybody().post(f"/c/{token}/{verb}", form({"text": word}), FORM)))
    for name, word in WORDS.items():
        said = form({"score": word, "comment": word})
        answers.append((("rate", name), anybody().post(f"/c/{token}/rate", said, FORM)))
        for field in ("phone", "code"):
            address = "/api/v1/public/codes" + ("/x" if field == "code" else "")
            body = as_json({field: word})
            answers.append(((field, name), anybody().post(address, body, content_type="application/json")))
    answers += [("progress", anybody().get(f"/c/{token}")), *pages_of(place, world)]
    assert faults(answers) == []


def _token():
    said = {"waybill_no": PARCEL, "category": "DELAY", "text": "慢", "contact": {"phone": CONSUMER_PHONE}}
    answer = anybody().post("/api/v1/public/cases", as_json(said), content_type="application/json")
    return answer.json()["token"]


def test_the_consumers_form(place, world):
    said = {
        "category": "DELAY",
        "text": "慢",
        "phone": CONSUMER_PHONE,
        "email": "w@example.cn",
        "name": "王女士",
        "waybill_no": PARCEL,
        "carrier": "",
        "entry_point": "web",
        "once": "",
    }
    answers = [
        ((field, name), anybody().post("/complain", form(body), FORM))
        for field, name, body in with_each_word(said)
    ]
    assert faults(answers) == []
    assert faults(pages_of(place, world)) == []


DESK = {
    "reply": {"text": "在找", "version": ""},
    "note": {"text": "先打电话"},
    "assign": {"reason": "他在场", "user": "", "outlet": "", "version": ""},
    "status": {"status": "IN_PROGRESS", "reason": "在办", "version": ""},
    "reopen": {"reason": "还没好", "version": ""},
    "reveal": {"reason": "来电"},
    "settle": {
        "remedy": "FOUND",
        "text": "找到了",
        "validity": "VALID",
        "finding_reason": "监控",
        "responsible": "",
        "root_cause": "",
        "category": "",
        "version": "",
    },
}


@pytest.mark.parametrize("verb", DESK)
def test_the_forms_of_the_desk(place, world, verb):
    client, address = staff(world.owner), f"/desk/cases/{place.case.case_no}/{verb}"
    answers = [
        ((field, name), client.post(address, form(body), FORM))
        for field, name, body in with_each_word(DESK[verb])
    ]
    assert faults(answers) == []
    assert faults(pages_of(place, world)) == []


def test_a_call_taken_down(place, world):
    client = staff(world.owner)
    said = {
        "waybill_no": PARCEL,
        "carrier": "",
        "category": "DELAY",
        "text": "慢",
        "phone": CONSUMER_PHONE,
        "name": "",
    }
    answers = [(w[:2], client.post("/desk/calls", form(w[2]), FORM)) for w in with_each_word(said)]
    assert faults(answers) == []
    assert faults(pages_of(place, world)) == []


def test_signing_in_and_changing_hands(place, world):
    answers = []
    for name, word in WORDS.items():
        for field in ("username", "password", "otp", "next"):
            said = {"username": "lin", "password": PASSWORD, "next": "", field: word}
            answers.append(((field, name), anybody().post("/desk/sign-in", form(said), FORM)))
        for address, fields in (
            ("switch", ("username", "pin", "next")),
            ("pin", ("password", "pin", "again")),
        ):
            client = staff(world.lin)
            said = form(dict.fromkeys(fields, word))
            answers.append(((address, name), client.post(f"/desk/{address}", said, FORM)))
    assert faults(answers) == []


ADDRESSES = [
    "/t/{}",
    "/t/{}/complain",
    "/c/{}",
    "/c/{}/rate",
    "/poster/{}.pdf",
    "/desk/cases/{}",
    "/desk/cases/{}/news",
    "/desk/files/{}",
    "/manage/quarantine/{}",
    "/feeds/{}/{}",
    "/api/v1/public/shipments/{}",
    "/api/v1/public/cases/{}",
    "/api/v1/cases/{}",
    "/api/v1/shipments/{}",
    "/api/v1/consignees/{}/preferences",
    "/?q={}",
    "/?o={}",
    "/t/771200000017402?carrier={}&o={}",
    "/complain?no={}&category={}&carrier={}&o={}",
    "/desk/?view={}&q={}&status={}&category={}&outlet={}&cursor={}&done={}",
    "/desk/news?cursor={}&shown={}",
    "/desk/?q={}",
    "/desk/parcels?q={}&done={}",
    "/desk/parcels/{}",
    "/desk/?cursor={}",
    "/desk/live?view={}&outlet={}",
    "/desk/me?next={}&done={}",
    "/desk/sign-in?next={}",
    "/manage/?done={}",
    "/api/v1/cases?cursor={}",
    "/api/v1/cases?q={}",
    "/api/v1/cases?limit={}",
    "/api/v1/cases?due_before={}",
    "/api/v1/cases?outlet={}&category={}&status={}",
    "/api/v1/cases?source={}",
    "/api/v1/public/shipments/771200000017402?carrier={}",
    "/nothing/{}",
]


@pytest.mark.parametrize(
    "address", [*ADDRESSES, "CASE?version={}", "CASE?do={}&done={}", "CASE/news?version={}"]
)
def test_addresses(place, world, address):
    key = add_key(role=Role.QUALITY, name="hq", by=SYSTEM_VIEWER, at=START)
    client, at = staff(world.owner), address.replace("CASE", f"/desk/cases/{place.case.case_no}")
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if "/api/" in address else {}
    answers = [
        (name, client.get(at.replace("{}", wire(word)), **bearer))
        for name, word in WORDS.items()
        if name != "long" or "?" in address
    ]
    assert faults(answers) == []
