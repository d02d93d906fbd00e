"""Courier's and keeper's pages: every address × whoever it is not for, by reading and by writing."""

import re

import pytest

from tests.security.conftest import addresses, database_print
from tests.web.courier.conftest import FOREIGN, begin_day
from tests.web.desk.conftest import browser
from tests.world import add_person
from yishi.people.rules import Role

# what a telephone keeps holds nothing of anybody; devices are let in by their own link
OPEN = {"courier/offline", "courier/sw.js", "courier/manifest.webmanifest"}
DEVICES = re.compile(r"^station/(open|kiosk|screen|line|ticket)\b")
VALUES = {
    "<str:waybill_no>": FOREIGN, "<str:place>": "locker", "<slug:kind>": "contact", "<str:code>": "ST01",
    "<str:case_no>": "C000000000000", "<str:shelf>": "1",
}  # fmt: skip


def walked(prefix):
    """The addresses below, each with foreign or unknown things in it."""
    for pattern in sorted(addresses()):
        if pattern.startswith(prefix) and pattern not in OPEN and not DEVICES.match(pattern):
            address = pattern
            for word, value in VALUES.items():
                address = address.replace(word, value)
            address = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", address)
            yield pattern, "/" + re.sub(r"<\w+:\w+>", "999999", address)


def knocks(client, prefix, only=""):
    """(address, method, status) of everything; nothing may have changed after all of it."""
    before = database_print()
    answers = [
        (pattern, method, getattr(client, method)(address).status_code)
        for pattern, address in walked(prefix)
        if only in pattern
        for method in ("get", "post")
    ]
    assert database_print() == before
    return answers


@pytest.mark.parametrize("prefix", ["courier/", "station/"])
def test_nobody_without_the_role_comes_in(world, client, prefix):
    role = Role.STATION_KEEPER if prefix == "courier/" else Role.COURIER
    strangers = {
        "nobody": (client, {302, 401, 405}),
        "agent": (browser(world.lin), {403, 404, 405}),
        "other work": (browser(add_person("bieren", "别人", role, "DS01")), {403, 404, 405}),
    }
    wrong = [
        (who, pattern, method, status)
        for who, (browsed, answers) in strangers.items()
        for pattern, method, status in knocks(browsed, prefix)
        if status not in answers
    ]
    assert wrong == []


def test_a_mates_parcel_is_not_there_for_a_courier(world):
    liu = begin_day(world)
    wrong = [
        (pattern, method, status)
        for pattern, method, status in knocks(liu, "courier/", only="<")
        if status not in {404, 405}
    ]
    assert wrong == []


def test_another_outlets_station_is_not_there_for_a_keeper(world):
    keeper = browser(add_person("jiangdian", "江宁店员", Role.STATION_KEEPER, "JN01"))
    wrong = [
        (pattern, method, status)
        for pattern, method, status in knocks(keeper, "station/", only="<str:code>")
        if status not in {404, 405}
    ]
    assert wrong == []
