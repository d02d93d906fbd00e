"""Injections and impossible signs in every field that anybody can write: never a crash, never markup."""

from itertools import count

import pytest
from django.test import Client

from tests.security.conftest import PARCEL, strict_client
from tests.security.words import CHOICES, CRASHING, WORDS, as_json, form, is_executed, wire
from tests.world import CONSUMER_PHONE, PASSWORD, START
from yishi.cases.models import Case
from yishi.config.worker import sweep_all
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

FORM = "application/x-www-form-urlencoded"
_callers = count(1)


def anybody() -> Client:
    """A consumer at an address of his own: limits by address are tested elsewhere."""
    number = next(_callers)
    return Client(
        REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        raise_request_exception=False,
    )


def staff(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def faults(answers):
    """Those that crashed or let markup through, shortened."""
    return [
        (what, answer.status_code)
        for what, answer in answers
        if answer.status_code >= 500
        or ("html" in answer.get("Content-Type", "") and is_executed(_text(answer)))
    ]


def _text(answer) -> str:
    return answer.content.decode("utf-8", "replace")


def with_each_word(fields):
    """(field, name of the word, the fields so changed): one field, or all for what only hurts a reader."""
    for name, word in WORDS.items():
        if name in CRASHING:
            yield from ((field, name, {**fields, field: word}) for field in fields)
        else:
            yield "all", name, {field: value if field in CHOICES else word for field, value in fields.items()}


def pages_of(place, world):
    """Every page on which somebody reads what others wrote."""
    owner = staff(world.owner)
    for case_no in Case.objects.values_list("case_no", flat=True):
        yield case_no, owner.get(f"/desk/cases/{case_no}")
    for address in ("/desk/?view=outlet", "/manage/", "/manage/notices", "/manage/people", f"/t/{PARCEL}"):
        yield address, owner.get(address)


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


API = {
    ("POST", "/cases"): {
        "waybill_no": PARCEL,
        "category": "DELAY",
        "text": "慢",
        "source": "HQ",
        "external_no": "1",
        "external_due_at": "2026-11-30T08:00:00+08:00",
        "priority": 1,
        "carrier": "",
    },
    ("POST", "/cases/{}/replies"): {"text": "在找", "version": None},
    ("POST", "/cases/{}/notes"): {"text": "在找", "version": None},
    ("POST", "/cases/{}/assign"): {"reason": "他在场", "user": None, "outlet": None, "version": None},
    ("POST", "/cases/{}/status"): {"status": "IN_PROGRESS", "reason": "", "version": None},
    ("POST", "/cases/{}/resolve"): {"remedy": "FOUND", "text": "好", "root_cause": "", "version": None},
    ("POST", "/cases/{}/reopen"): {"reason": "还没好", "version": None},
    ("POST", "/shipments/771200000017402/contacts"): {
        "kind": "CALL",
        "at": START.isoformat(),
        "outcome": "",
        "courier": "",
        "position": None,
    },
}
WISH = {"kind": "DOOR", "value": "", "address": "", "source": "self", "valid_until": None}
FINDING = {"validity": "VALID", "reason": "监控", "category": None, "responsible": None}


@pytest.mark.parametrize("door", API)
def test_the_api_of_staff(place, world, door):
    call = _caller(place)
    answers = []
    for field, name, body in with_each_word(API[door]):
        body = {**body, "finding": FINDING} if "resolve" in door[1] else body
        answers.append(((field, name), call(*door, body)))
    if "resolve" in door[1]:
        for field, name, finding in with_each_word(FINDING):
            answers.append(((field, name), call(*door, {**API[door], "finding": finding})))
    assert faults(answers) == []
    assert faults(pages_of(place, world)) == []


def test_the_wishes_of_a_consignee(place, world):
    call = _caller(place)
    address = f"/consignees/{CONSUMER_PHONE}/preferences"
    answers = [(w[:2], call("PUT", address, {"items": [w[2]]})) for w in with_each_word(WISH)]
    assert faults(answers) == [] and faults([("read", call("GET", address, None))]) == []


def _caller(place):
    key = add_key(role=Role.QUALITY, name="hq", by=SYSTEM_VIEWER, at=START)
    client = Client(raise_request_exception=False)

    def call(method, path, body):
        address = f"/api/v1{path.format(place.case.case_no)}"
        headers = {"Authorization": f"Bearer {key}"}
        return client.generic(method, address, as_json(body), "application/json", headers=headers)

    return call


EVENT = {
    "waybill_no": PARCEL,
    "carrier": "yuantong",
    "kind": "in_transit",
    "detail": "x",
    "happened_at": START.isoformat(),
    "courier": "YT0001",
    "text": "到达",
    "source_code": "1",
    "signed_by": "本人",
    "consent": "yes",
    "position": "x",
}
DETAILS = {
    "waybill_no": PARCEL,
    "carrier": "yuantong",
    "product": "x",
    "merchant": "M01",
    "goods": "被",
    "platform": "x",
    "promised_at": START.isoformat(),
    "origin_outlet": "025101",
    "destination_outlet": "025101",
    "freight_fen": 1,
    "declared_value_fen": 1,
    "handling": "x",
    "insured": "x",
}
PERSON = {
    "name": "王女士",
    "phone": CONSUMER_PHONE,
    "address": "江宁",
    "email": "w@example.cn",
    "phone_tail": "0001",
    "virtual": "95013",
    "extension": "1",
    "valid_until": START.isoformat(),
}


def test_tracking_and_master_data(place, world):
    key = add_key(role=Role.INTEGRATOR, name="shop", by=SYSTEM_VIEWER, at=START)
    events = [(w, {**body}) for *w, body in with_each_word(EVENT)]
    events += [
        (w, {**EVENT, "place": body}) for *w, body in with_each_word({"city": "南京市", "outlet": "1"})
    ]
    parcels = [(w, body) for *w, body in with_each_word(DETAILS)]
    parcels += [(w, {**DETAILS, "consignee": body, "shipper": body}) for *w, body in with_each_word(PERSON)]
    answers = []
    for path, rows in (("events", events), ("shipments", parcels)):
        for what, row in rows:
            headers = {"Authorization": f"Bearer {key}"}
            client = Client(raise_request_exception=False)
            said = client.generic(
                "POST", f"/api/v1/{path}", as_json([row]), "application/json", headers=headers
            )
            answers.append(((path, *what), said))
    assert faults(answers) == []
    lost = [what for what, said in answers if said.status_code == 200 and _sum(said.json()) != 1]
    assert lost == [], "accepted + duplicate + rejected = sent"
    sweep_all(at=now())
    key = add_key(role=Role.QUALITY, name="hq", by=SYSTEM_VIEWER, at=START)
    story = Client().get(f"/api/v1/shipments/{PARCEL}", headers={"Authorization": f"Bearer {key}"})
    assert story.status_code == 200
    assert faults([("parcel", anybody().get(f"/t/{PARCEL}")), *pages_of(place, world)]) == []


def _sum(counts):
    return counts["accepted"] + counts["duplicate"] + len(counts["rejected"])


HEADERS = [
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_AUTHORIZATION",
    "HTTP_HX_CURRENT_URL",
    "HTTP_COOKIE",
    "HTTP_IDEMPOTENCY_KEY",
    "HTTP_USER_AGENT",
    "HTTP_REFERER",
    "HTTP_ORIGIN",
    "HTTP_HOST",
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
    "HTTP_CONTENT_ENCODING",
    "HTTP_X_REQUEST_ID",
    "HTTP_RANGE",
    "HTTP_IF_MODIFIED_SINCE",
]


@pytest.mark.parametrize("header", HEADERS)
def test_headers(place, world, header, settings):
    """A web server lets no line end through; the rest reaches us as Latin-1."""
    odd = {
        n: w.replace("\r", "").replace("\n", "").encode("utf-8", "surrogatepass").decode("latin-1")
        for n, w in WORDS.items()
    }
    answers = []
    for name, word in {
        **odd,
        "cookie": f"sessionid={'x' * 99}; csrftoken=<; django_language=../",
        "empty": "",
    }.items():
        for address in ("/", f"/t/{PARCEL}", "/desk/", "/api/v1/cases", "/metrics"):
            answers.append(((address, name), anybody().get(address, **{header: word})))
        for address in ("/api/v1/public/cases", "/api/v1/events", "/feeds/a/b", "/complain", "/desk/sign-in"):
            client = strict_client() if "desk" in address else anybody()
            answers.append(((address, name), client.generic("POST", address, b'{"a": 1}', **{header: word})))
    assert faults(answers) == []
