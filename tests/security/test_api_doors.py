"""Every operation of the JSON API × every key × one's own and somebody else's object."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.security.conftest import PARCEL, database_print, operations, undone, written
from tests.world import CONSUMER_PHONE, START
from yishi.people.actions import add_key, revoke_key
from yishi.people.queries import list_keys
from yishi.people.rules import SYSTEM_VIEWER, Role

CARE = frozenset({"agent", "manager", "quality"})
SCANNERS = frozenset({"integrator", "courier", "keeper"})
KEYS = {
    "agent": (Role.AGENT, "DS01"),
    "manager": (Role.OUTLET_MANAGER, "DS01"),
    "quality": (Role.QUALITY, ""),
    "operator": (Role.OPERATOR, ""),
    "integrator": (Role.INTEGRATOR, ""),
    "courier": (Role.COURIER, "DS01"),
    "keeper": (Role.STATION_KEEPER, "DS01"),
    "other agent": (Role.AGENT, "JN01"),
    "other manager": (Role.OUTLET_MANAGER, "JN01"),
    "other courier": (Role.COURIER, "JN01"),
    "other integrator": (Role.INTEGRATOR, "JN01"),
    # of another merchant, with as wide a sight as the first
    "second integrator": (Role.INTEGRATOR, ""),
}
EVERYBODY = frozenset(name for name in KEYS if " " not in name)
DECLARERS = frozenset({"manager", "quality", "operator"})
DECLARED = {"kind": "STORM", "text": "雪", "until": "2990-01-01T00:00:00Z"}
HOOKS = frozenset({"operator", "integrator"})
EVENT = {"waybill_no": PARCEL, "kind": "accepted", "happened_at": "2026-11-20T08:00:00+08:00"}
ATTEMPT = {"kind": "CALL", "at": START.isoformat(), "outcome": "没人接", "courier": "YT0001"}
SAID = {"waybill_no": PARCEL, "category": "DELAY", "text": "慢", "contact": {"phone": CONSUMER_PHONE}}
FINDING = {"validity": "VALID", "reason": "监控"}


@dataclass(frozen=True)
class Door:
    roles: frozenset[str]
    said: Any = None
    is_of_outlet: bool = False
    is_of_maker: bool = False
    answers: frozenset[int] = frozenset({200, 201})


def care(said: Any = None, *answers: int, roles: frozenset[str] = CARE | {"integrator"}) -> Door:
    return Door(roles, said, is_of_outlet=True, answers=frozenset(answers or {200, 201}))


DOORS = {
    ("GET", "/cases"): Door(CARE | {"integrator"}),
    # whoever is asked first takes it in, wherever the parcel is
    ("POST", "/cases"): Door(CARE | {"integrator"}, SAID),
    ("GET", "/cases/{case_no}"): care(),
    ("POST", "/cases/{case_no}/replies"): care({"text": "在找"}),
    ("POST", "/cases/{case_no}/notes"): care({"text": "先打电话"}),
    ("POST", "/cases/{case_no}/assign"): care({"reason": "他在场", "user": "lin"}, roles=CARE),
    ("POST", "/cases/{case_no}/status"): care({"status": "IN_PROGRESS"}),
    ("POST", "/cases/{case_no}/resolve"): care({"remedy": "FOUND", "text": "找到了", "finding": FINDING}),
    ("POST", "/cases/{case_no}/reopen"): care({"reason": "还没好"}, 409),  # it is not settled
    ("POST", "/cases/{case_no}/evidence"): care({}, 422),  # without a file
    ("POST", "/cases/{case_no}/handover/accept"): care({}, 404, roles=CARE),  # nobody has offered it
    ("POST", "/cases/{case_no}/handover/refuse"): care({"reason": "不是"}, 404, roles=CARE),
    ("GET", "/cases/{case_no}/interception"): care(None, 404),  # nobody has asked for one
    ("POST", "/cases/{case_no}/interception"): care({"asked": "RETURN"}, 409),  # no parcel
    ("POST", "/cases/{case_no}/interception/result"): care({"state": "STOPPED", "text": "在拦截区"}, 404),
    ("POST", "/cases/{case_no}/interception/free"): care({"reason": "改寄"}, 404),
    ("GET", "/incidents"): Door(CARE | {"integrator"}),
    ("POST", "/weather"): Door(frozenset({"integrator"}), {"items": []}, answers=frozenset({422})),
    ("GET", "/mass-events"): Door(DECLARERS),
    # 422: nobody knows the weather for so long
    ("POST", "/mass-events"): Door(DECLARERS, DECLARED, answers=frozenset({422})),
    # nobody has declared one
    ("GET", "/mass-events/{event_id}"): Door(DECLARERS, answers=frozenset({404})),
    ("POST", "/mass-events/{event_id}/end"): Door(DECLARERS, {}, answers=frozenset({404})),
    # 404: nobody is called so
    ("POST", "/bookings"): Door(
        frozenset({"integrator"}),
        {"merchant": "nobody", "items": [{"receiver": {"name": "王女士"}}]},
        answers=frozenset({404}),
    ),
    ("POST", "/events"): Door(frozenset({"integrator"}), [EVENT]),
    ("POST", "/shipments"): Door(frozenset({"integrator"}), [{"waybill_no": PARCEL}]),
    ("GET", "/shipments/{waybill_no}"): Door(EVERYBODY, is_of_outlet=True),
    ("POST", "/shipments/{waybill_no}/contacts"): Door(EVERYBODY - {"operator"}, ATTEMPT, is_of_outlet=True),
    ("POST", "/shipments/{waybill_no}/scans"): Door(SCANNERS, {"kind": "SIGN"}, is_of_outlet=True),
    ("GET", "/stations/{code}/parcels"): Door(EVERYBODY, is_of_outlet=True),
    ("POST", "/stations/{code}/parcels"): Door(
        SCANNERS, {"waybill_no": "YT6190000000099"}, is_of_outlet=True
    ),
    # nothing was scanned where nothing stands
    ("POST", "/stations/{code}/counts"): Door(SCANNERS, {"scanned": []}, is_of_outlet=True),
    # nothing that could be a code: not counted as a guess
    ("POST", "/stations/{code}/handouts"): Door(
        SCANNERS, {"pickup_code": "--"}, is_of_outlet=True, answers=frozenset({422})
    ),
    # a person's wishes hold wherever his parcels come: they belong to no outlet
    ("GET", "/consignees/{phone}/preferences"): Door(CARE | {"integrator"}),
    ("PUT", "/consignees/{phone}/preferences"): Door(CARE | {"integrator"}, {"items": []}),
    ("GET", "/webhooks"): Door(HOOKS),
    ("POST", "/webhooks"): Door(HOOKS, {"url": "https://hooks.example.cn/yishi", "events": ["case.opened"]}),
    # made by the first integrator
    ("DELETE", "/webhooks/{webhook_id}"): Door(HOOKS, is_of_maker=True, answers=frozenset({204})),
    ("POST", "/webhooks/{webhook_id}/retry"): Door(HOOKS, is_of_maker=True),
}


@pytest.fixture
def keys(world) -> dict[str, str]:
    return {
        name: add_key(role=role, outlet_code=outlet, name=name, by=SYSTEM_VIEWER, at=START)
        for name, (role, outlet) in KEYS.items()
    }


@pytest.fixture
def webhook(keys) -> int:
    """What the first integrator has made."""
    said = {"url": "https://first.example.cn/", "events": ["case.opened"]}
    return Caller(keys["integrator"]).post("/webhooks", said).json()["id"]


def knock(key, door, place, case_no="", number=PARCEL, webhook_id=999999):
    """A word in an address that is not filled here fails: it needs a thing of another's to knock with."""
    method, path = door
    address = path.format(
        case_no=case_no or place.case.case_no,
        waybill_no=number,
        phone=CONSUMER_PHONE,
        webhook_id=webhook_id,
        event_id=999999,
        code="ST01",
    )
    return Caller(key).call(method, address, DOORS[door].said)


def wanted(door, who):
    row = DOORS[door]
    whose, _space, role = who.rpartition(" ")
    if role not in row.roles:
        return {403}
    if whose and row.is_of_maker:
        return {404}
    return {404} if whose == "other" and row.is_of_outlet else row.answers


def test_every_operation_of_staff_has_its_row():
    assert {one for one in operations() if not one[1].startswith("/public/")} == set(DOORS)


def test_every_key_opens_what_its_role_may_and_no_more(place, keys, webhook):
    before, wrong = database_print(), []
    for door in DOORS:
        for who, key in keys.items():
            with undone():
                rows = written()
                answer = knock(key, door, place, webhook_id=webhook)
                status = answer.status_code
                is_refused = status in {401, 403, 404} and door[0] != "GET"
                changed = is_refused and written() != rows and database_print() != before
                if status not in wanted(door, who) or changed:
                    wrong.append((door, who, status, changed))
    assert wrong == [] and database_print() == before


def test_a_refusal_says_the_same_of_a_foreign_and_of_an_unknown_thing(place, keys, webhook):
    for door in DOORS:
        for who in ("other agent", "other integrator", "second integrator"):
            if wanted(door, who) == {404}:
                foreign = knock(keys[who], door, place, webhook_id=webhook)
                unknown = knock(keys[who], door, place, case_no="C000000000000", number="YT00000000")
                assert foreign.status_code == unknown.status_code == 404
                assert foreign.json() == unknown.json()


def test_lists_hold_what_is_in_sight_and_nothing_else(place, keys, webhook):
    def seen(who, query=""):
        return [row["case_no"] for row in Caller(keys[who]).get(f"/cases{query}").json()["items"]]

    assert seen("agent") == seen("quality") == [place.case.case_no]
    assert seen("other agent") == seen("other agent", "?outlet=DS01") == []
    assert seen("other agent", f"?q={place.case.case_no}") == seen("other integrator") == []
    hooks = {who: Caller(keys[who]).get("/webhooks").json()["items"] for who in KEYS if "integrator" in who}
    assert [card["id"] for card in hooks["integrator"]] == [webhook]
    assert hooks["other integrator"] == hooks["second integrator"] == []


@pytest.mark.parametrize("bearer", ["", "yk_" + "A" * 43, "\x7f", "é", "Basic bGluOmxpbg=="])
def test_without_a_good_key_every_door_is_shut(place, bearer, client):
    before = database_print()
    for method, path in DOORS:
        address = path.format(
            case_no=place.case.case_no,
            waybill_no=PARCEL,
            phone=CONSUMER_PHONE,
            webhook_id=9,
            event_id=9,
            code="ST01",
        )
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = client.generic(method, f"/api/v1{address}", "{}", "application/json", headers=headers)
        assert (path, answer.status_code) == (path, 401)
        assert answer["Content-Type"].startswith("application/problem+json")
    assert database_print() == before


def test_a_revoked_key_opens_nothing_from_then_on(place, keys):
    assert Caller(keys["agent"]).get("/cases").status_code == 200
    (card,) = [card for card in list_keys(SYSTEM_VIEWER) if card.name == "agent"]
    revoke_key(key_id=card.key_id, by=SYSTEM_VIEWER, at=START)
    assert {knock(keys["agent"], door, place).status_code for door in DOORS} == {401}


def test_a_revoked_key_is_not_told_again_what_it_was_told(place, keys):
    once = {"Idempotency-Key": "1"}
    address = f"/cases/{place.case.case_no}/notes"
    said = Caller(keys["agent"]).post(address, {"text": "看过"}, **once)
    assert said.status_code == 201
    (card,) = [card for card in list_keys(SYSTEM_VIEWER) if card.name == "agent"]
    revoke_key(key_id=card.key_id, by=SYSTEM_VIEWER, at=START)
    again = Caller(keys["agent"]).post(address, {"text": "看过"}, **once)
    assert again.status_code == 401 and place.case.case_no not in again.content.decode()


def test_cookies_open_nothing_of_the_api(place, client, world):
    client.force_login(world.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/cases").status_code == 401
    assert client.post(f"/api/v1/cases/{place.case.case_no}/notes", {"text": "x"}).status_code == 401


def test_an_unknown_address_of_the_api_answers_as_the_api_does(client, db):
    for address in ("/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/cases", "/api/v1/cases/x/y/z", "/api"):
        for method in ("GET", "POST"):
            answer = client.generic(method, address)
            assert (address, answer.status_code) == (address, 404)
            assert answer["Content-Type"].startswith("application/problem+json")
            assert answer.json()["type"] == "urn:yishi:error:not_found"


@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "/api/v1/events"), ("PUT", "/api/v1/cases"), ("DELETE", "/api/v1/public/codes")],
)
def test_another_method_is_405_and_says_which_are_known(client, db, method, address):
    answer = client.generic(method, address)
    assert answer.status_code == 405 and answer["Allow"]
    assert answer["Content-Type"].startswith("application/problem+json")
