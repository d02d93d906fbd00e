"""Every door × every role × one's own and somebody else's object. A new address without a row fails."""

import re

import pytest
from django.test import Client

from tests.security import case_doors, doors
from tests.security.conftest import PARCEL, addresses, database_print, strict_client, undone, written
from tests.web.desk.conftest import browser
from tests.world import add_person
from yishi.people.rules import Role

# people of Jiangning: the same roles, but nothing of Dongshan's lies in their sight
STRANGERS = {"other agent": "agent", "other manager": "manager"}
DOORS = {**doors.DOORS, **case_doors.DOORS}


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
        "<uuid:talk_file_id>": "00000000-0000-4000-8000-000000000000",
        "<int:raw_id>": str(place.raw_id) if place else "999999",
        "<slug:source>": "lost" if place else "nobody",
        "<slug:what>": "pause",
        "<int:import_id>": str(place.import_id) if place else "999999",
        "<slug:code>": "nobody",
        "<int:key_id>": str(place.key_id) if place else "999999",
        "<slug:key>": "nobody",
        "<uuid:key>": "00000000-0000-4000-8000-000000000000",
        "<str:what>": "trace",
        "<str:outlet>": "DS01" if place else "NOWHERE",
        "<str:station>": "ST01" if place else "NOWHERE",
        "<int:level>": "99",
    }
    for word, value in values.items():
        pattern = pattern.replace(word, value)
    return "/" + re.sub(r"<int:\w+>", "999999", pattern)


def knock(cookies, door, address, **headers):
    """One knock by a browser that has these cookies and has not been anywhere yet."""
    client = Client()
    client.cookies.update(cookies)
    said = {name: value() if callable(value) else value for name, value in door.said.items()}
    return client.get(address, **headers) if door.method == "GET" else client.post(address, said, **headers)


def wanted(door, who):
    """The answers that are right for this person at this door, with Dongshan's object behind it."""
    if STRANGERS.get(who, who) not in door.roles:
        return {403}
    return {404} if who in STRANGERS and door.is_of_outlet else door.answers


def rounds(people, before, patterns):
    """Knocks at these doors as everybody: (address, who, status, whether anything changed)."""
    cookies = {who: browser(user).cookies for who, user in people.items()}
    for pattern in patterns:
        door = DOORS[pattern]
        for who, signed_in in cookies.items():
            with undone():
                rows = written()
                answer = knock(signed_in, door, before["address"](pattern))
                is_refused = answer.status_code in {401, 403, 404} and door.method == "POST"
                is_touched = is_refused and written() != rows
                yield pattern, who, answer.status_code, is_touched and database_print() != before["print"]
    # what no row is counted for would have stayed unseen above
    assert database_print() == before["print"]


def test_every_address_of_staff_has_its_row():
    known = {a for a in addresses() if a.startswith(("desk/", "manage/"))}
    assert known - {"desk/sign-in"} == set(DOORS)


# some thousand knocks: in parts, so that both workers knock and none comes near its time
@pytest.mark.parametrize("part", range(6))
def test_every_door_lets_in_its_roles_and_nobody_else(place, people, part):
    before = {"address": lambda pattern: address_of(pattern, place), "print": database_print()}
    wrong = [
        (pattern, who, status, changed)
        for pattern, who, status, changed in rounds(people, before, sorted(DOORS)[part::6])
        if status not in wanted(DOORS[pattern], who) or changed
    ]
    assert wrong == []


def test_what_does_not_exist_looks_like_what_is_foreign(place, people):
    """Nobody learns from the answer whether the thing of another outlet is there."""
    some = {who: people[who] for who in ("agent", "other agent", "operator")}
    before = {"address": lambda pattern: address_of(pattern, None), "print": database_print()}
    with_object = sorted(pattern for pattern in DOORS if "<" in pattern)
    wrong = [
        (pattern, who, status, changed)
        for pattern, who, status, changed in rounds(some, before, with_object)
        if status not in {403, 404} or changed
    ]
    assert wrong == []


def test_without_signing_in_every_door_leads_to_the_sign_in(place):
    before = database_print()
    for pattern, door in DOORS.items():
        if pattern == "desk/sign-out":
            continue
        answer = knock({}, door, address_of(pattern, place))
        assert (pattern, answer.status_code) == (pattern, 302)
        assert answer["Location"].startswith("/desk/sign-in?next=")
        fragment = knock({}, door, address_of(pattern, place), HTTP_HX_REQUEST="true")
        assert fragment.status_code == 401 and not fragment.content
    assert database_print() == before


def test_a_form_of_another_site_is_refused_before_anything_happens(place, people):
    """Every write that a cookie opens asks for the token of its form."""
    cookies, before = browser(people["owner"]).cookies, database_print()
    for pattern, door in DOORS.items():
        if door.method == "POST":
            client = strict_client()
            client.cookies.update(cookies)
            said = {name: value() if callable(value) else value for name, value in door.said.items()}
            answer = client.post(address_of(pattern, place), said)
            assert (pattern, answer.status_code) == (pattern, 403)
    assert database_print() == before


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_no_door_knows_other_methods(place, people, method):
    client = browser(people["owner"])
    answers = {getattr(client, method)(address_of(p, place)).status_code for p in DOORS if "<path:" not in p}
    assert answers == {405}
