"""Every door × every role × one's own and somebody else's object. A new address without a row fails."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.security.conftest import PARCEL, addresses, database_print, photo, strict_client, undone
from tests.web.desk.conftest import browser
from tests.world import PASSWORD, PIN, add_person
from yishi.people.rules import Role

CARE = frozenset({"agent", "manager", "quality", "owner"})
KEEP = frozenset({"quality", "operator", "owner"})
FEEDS = frozenset({"operator", "owner"})
POLICY = frozenset({"quality", "owner"})
FILES = KEEP | {"manager"}
EVERYBODY = CARE | KEEP | {"courier", "keeper"}
# people of Jiangning: the same roles, but nothing of Dongshan's lies in their sight
STRANGERS = {"other agent": "agent", "other manager": "manager"}


@dataclass(frozen=True)
class Door:
    """Who may come in, how it is knocked at, and whether it leads to one outlet's object."""

    roles: frozenset[str]
    method: str = "GET"
    said: dict[str, Any] = field(default_factory=dict)
    is_of_outlet: bool = False
    answers: frozenset[int] = frozenset({200, 302})


def case_page(**said: Any) -> Door:
    return Door(CARE, is_of_outlet=True, said=said)


def case_deed(*answers: int, **said: Any) -> Door:
    return Door(CARE, "POST", said, is_of_outlet=True, answers=frozenset(answers or {302}))


CASE = "desk/cases/<str:case_no>"
FEED = "manage/feeds/<slug:source>"
IMPORT = "manage/imports/<int:import_id>"
ORDERS = "manage/work-orders/sources/<slug:code>"
NOBODYS = frozenset({404})
DOORS = {
    # the sign-in has tests of its own
    "desk/": Door(CARE),
    "desk/news": Door(CARE),
    "desk/live": Door(CARE),
    "desk/sign-out": Door(EVERYBODY, "POST"),
    "desk/me": Door(EVERYBODY),
    # 403: a PIN opens the machine to people of one outlet only
    "desk/switch": Door(EVERYBODY, "POST", {"username": "lin", "pin": PIN}, answers=frozenset({302, 403})),
    "desk/pin": Door(EVERYBODY, "POST", {"password": PASSWORD, "pin": "246802", "again": "246802"}),
    CASE: case_page(),
    f"{CASE}/news": case_page(),
    f"{CASE}/live": case_page(),
    f"{CASE}/reply": case_deed(text="在找"),
    f"{CASE}/note": case_deed(text="先打电话"),
    f"{CASE}/assign": case_deed(reason="他在场", user="", outlet=""),
    f"{CASE}/status": case_deed(status="IN_PROGRESS", reason="在办"),
    f"{CASE}/settle": case_deed(remedy="FOUND", text="找到了", validity="VALID", finding_reason="监控"),
    f"{CASE}/reopen": case_deed(409, reason="还没好"),  # it is not settled
    f"{CASE}/evidence": case_deed(files=photo),
    f"{CASE}/reveal": case_deed(200, reason="顾客来电"),
    "desk/files/<uuid:file_id>": Door(CARE, is_of_outlet=True),
    "desk/files/<uuid:file_id>/thumbnail": Door(CARE, is_of_outlet=True),
    "desk/parcels": Door(EVERYBODY),
    "desk/parcels/<str:waybill_no>": Door(EVERYBODY, is_of_outlet=True),
    "desk/calls": Door(
        CARE, "POST", {"waybill_no": PARCEL, "category": "DELAY", "text": "慢", "phone": "19900000001"}
    ),
    "desk/<path:address>": Door(EVERYBODY, answers=frozenset({404})),
    "manage/<path:address>": Door(EVERYBODY, answers=frozenset({404})),
    "manage/": Door(KEEP),
    "manage/notices": Door(KEEP),
    "manage/silence": Door(KEEP),
    "manage/silence/export": Door(KEEP, "POST", {"reason": "月度复盘"}),
    "manage/promises": Door(POLICY),
    # nobody has that rule; who may not end one is not told
    "manage/promises/<int:rule_id>/end": Door(POLICY, "POST", answers=frozenset({404})),
    "manage/outlets": Door(KEEP),
    "manage/people": Door(KEEP),
    "manage/feeds": Door(KEEP),
    "manage/new-source": Door(FEEDS),
    FEED: Door(FEEDS),
    f"{FEED}/code": Door(FEEDS, answers=frozenset({404})),  # no code is named
    f"{FEED}/code/change": Door(FEEDS, "POST", {"code": "9", "meaning": "lost/", "reason": "对照文档"}),
    f"{FEED}/quarantine": Door(FEEDS, answers=frozenset({404})),  # no cause is named
    f"{FEED}/quarantine/try": Door(FEEDS, "POST", {"reason": "bad_json"}),
    f"{FEED}/address": Door(FEEDS, "POST"),
    f"{FEED}/change/<slug:what>": Door(FEEDS, "POST", {"reason": "对方换密钥"}),
    "manage/quarantine/<int:raw_id>/try": Door(FEEDS, "POST"),
    "manage/quarantine/<int:raw_id>/reveal": Door(frozenset({"owner"}), "POST", {"reason": "核对"}),
    "manage/quarantine/<int:raw_id>": Door(FEEDS),
    "manage/quarantine/<int:raw_id>/replay": Door(FEEDS, "POST"),
    "manage/quarantine/replay": Door(FEEDS, "POST", {"source": "lost", "reason": "bad_json"}),
    "manage/imports": Door(FILES),
    "manage/imports/people": Door(FILES),
    "manage/imports/records": Door(FILES),
    "manage/imports/people/<int:person_id>": Door(FILES, "POST", {"courier": "1"}, answers=frozenset({404})),
    IMPORT: Door(FILES, is_of_outlet=True),
    f"{IMPORT}/state": Door(FILES, is_of_outlet=True),
    f"{IMPORT}/refused.csv": Door(FILES, is_of_outlet=True),
    # 409: it has not been looked at yet
    f"{IMPORT}/confirm": Door(FILES, "POST", is_of_outlet=True, answers=frozenset({409})),
    f"{IMPORT}/undo": Door(FILES, "POST", {"reason": "错了"}, is_of_outlet=True, answers=frozenset({409})),
    f"{IMPORT}/drop": Door(FILES, "POST", is_of_outlet=True),
    # nobody has sent that complaint
    "manage/complaints/<int:complaint_id>/again": Door(FEEDS, "POST", answers=frozenset({404})),
    "manage/keys/<int:key_id>/revoke": Door(FEEDS, "POST"),
    # work orders of others: this case is nobody's, so that nothing can be entered anywhere
    "desk/work-orders": Door(CARE),
    "desk/work-orders/in": Door(CARE),
    "desk/work-orders/tick": Door(CARE, "POST"),
    "desk/work-orders/runs/<int:run_id>": Door(CARE | {"operator"}, answers=NOBODYS),
    "desk/work-orders/runs/<int:run_id>/state": Door(CARE | {"operator"}, answers=NOBODYS),
    "desk/work-orders/runs/<int:run_id>/confirm": Door(CARE, "POST", answers=NOBODYS),
    "desk/work-orders/runs/<int:run_id>/drop": Door(CARE, "POST", answers=NOBODYS),
    f"{CASE}/there/answer": Door(CARE, is_of_outlet=True, answers=NOBODYS),
    f"{CASE}/there/proofs": Door(CARE, is_of_outlet=True, answers=NOBODYS),
    f"{CASE}/there/tick": case_deed(409),
    f"{CASE}/there/untick": case_deed(409, reason="填错了"),
    f"{CASE}/there/send": case_deed(409),
    "manage/work-orders": Door(KEEP),
    "manage/work-orders/reconcile": Door(KEEP),
    "manage/work-orders/reconcile/again": Door(KEEP, "POST"),
    "manage/work-orders/reconcile/<int:difference_id>/note": Door(
        KEEP, "POST", {"note": "晚一天"}, answers=NOBODYS
    ),
    f"{ORDERS}": Door(KEEP, answers=NOBODYS),
    f"{ORDERS}/settings": Door(FEEDS, "POST", answers=NOBODYS),
    f"{ORDERS}/pause": Door(FEEDS, "POST", answers=NOBODYS),
    f"{ORDERS}/address": Door(FEEDS, "POST", answers=NOBODYS),
    f"{ORDERS}/word": Door(KEEP, "POST", answers=NOBODYS),
}


@pytest.fixture
def people(world):
    """A person for each role, of Dongshan where the role has a place."""
    return {
        "agent": world.lin,
        "manager": world.zhou,
        "quality": world.quality,
        "owner": world.owner,
        "operator": world.operator,
        "courier": add_person("kuaidi", "送快递", Role.COURIER, "DS01"),
        "keeper": add_person("dianyuan", "店员", Role.STATION_KEEPER, "DS01"),
        "other agent": world.he,
        "other manager": add_person("jiang", "江站长", Role.OUTLET_MANAGER, "JN01"),
    }


def address_of(pattern, place):
    """The address of Dongshan's object, or with `place` None of one that nobody has."""
    values = {
        "<path:address>": "no/such/page",
        "<str:waybill_no>": PARCEL if place else "YT00000000",
        "<str:case_no>": place.case.case_no if place else "C000000000000",
        "<uuid:file_id>": place.file_id if place else "00000000-0000-4000-8000-000000000000",
        "<int:raw_id>": str(place.raw_id) if place else "999999",
        "<slug:source>": "lost" if place else "nobody",
        "<slug:what>": "pause",
        "<int:import_id>": str(place.import_id) if place else "999999",
        "<int:person_id>": "999999",
        "<int:rule_id>": "999999",
        "<int:complaint_id>": "999999",
        "<int:run_id>": "999999",
        "<int:difference_id>": "999999",
        "<slug:code>": "nobody",
        "<int:key_id>": str(place.key_id) if place else "999999",
    }
    for word, value in values.items():
        pattern = pattern.replace(word, value)
    return f"/{pattern}"


def knock(user, door, address, **headers):
    client = browser(user)
    said = {name: value() if callable(value) else value for name, value in door.said.items()}
    return client.get(address, **headers) if door.method == "GET" else client.post(address, said, **headers)


def wanted(door, who):
    """The answers that are right for this person at this door, with Dongshan's object behind it."""
    if STRANGERS.get(who, who) not in door.roles:
        return {403}
    return {404} if who in STRANGERS and door.is_of_outlet else door.answers


def rounds(people, before):
    """Knocks at every door as everybody: (address, who, status, whether anything changed)."""
    for pattern, door in DOORS.items():
        for who, user in people.items():
            with undone():
                answer = knock(user, door, before["address"](pattern))
                is_refused = answer.status_code in {401, 403, 404} and door.method == "POST"
                yield pattern, who, answer.status_code, is_refused and database_print() != before["print"]


def test_every_address_of_staff_has_its_row():
    known = {a for a in addresses() if a.startswith(("desk/", "manage/"))}
    assert known - {"desk/sign-in"} == set(DOORS)


def test_every_door_lets_in_its_roles_and_nobody_else(place, people):
    before = {"address": lambda pattern: address_of(pattern, place), "print": database_print()}
    wrong = [
        (pattern, who, status, changed)
        for pattern, who, status, changed in rounds(people, before)
        if status not in wanted(DOORS[pattern], who) or changed
    ]
    assert wrong == []


def test_what_does_not_exist_looks_like_what_is_foreign(place, people):
    """Nobody learns from the answer whether the thing of another outlet is there."""
    some = {who: people[who] for who in ("agent", "other agent", "operator")}
    before = {"address": lambda pattern: address_of(pattern, None), "print": database_print()}
    with_object = {pattern for pattern in DOORS if "<" in pattern}
    wrong = [
        (pattern, who, status, changed)
        for pattern, who, status, changed in rounds(some, before)
        if pattern in with_object and (status not in {403, 404} or changed)
    ]
    assert wrong == []


def test_without_signing_in_every_door_leads_to_the_sign_in(place):
    before = database_print()
    for pattern, door in DOORS.items():
        if pattern == "desk/sign-out":
            continue
        answer = knock(None, door, address_of(pattern, place))
        assert (pattern, answer.status_code) == (pattern, 302)
        assert answer["Location"].startswith("/desk/sign-in?next=")
        fragment = knock(None, door, address_of(pattern, place), HTTP_HX_REQUEST="true")
        assert fragment.status_code == 401 and not fragment.content
    assert database_print() == before


def test_a_form_of_another_site_is_refused_before_anything_happens(place, people):
    """Every write that a cookie opens asks for the token of its form."""
    before = database_print()
    for pattern, door in DOORS.items():
        if door.method == "POST":
            client = strict_client()
            client.force_login(people["owner"], backend="django.contrib.auth.backends.ModelBackend")
            said = {name: value() if callable(value) else value for name, value in door.said.items()}
            answer = client.post(address_of(pattern, place), said)
            assert (pattern, answer.status_code) == (pattern, 403)
    assert database_print() == before


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_no_door_knows_other_methods(place, people, method):
    client = browser(people["owner"])
    answers = {getattr(client, method)(address_of(p, place)).status_code for p in DOORS if "<path:" not in p}
    assert answers == {405}
