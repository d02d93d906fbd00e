"""Injections and impossible signs in what programs send: staff's API, tracking, headers."""

import pytest
from django.test import Client

from tests.security.conftest import PARCEL, strict_client
from tests.security.probing import anybody, faults, pages_of, with_each_word
from tests.security.words import WORDS, as_json
from tests.world import CONSUMER_PHONE, START
from yishi.config.worker import sweep_all
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

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
