"""F12: how many guesses of a pickup code are listened to in half an hour, by every way there is; the figures
stand in docs/measurements.md."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.api.conftest import Caller
from tests.stations.making import card_of, keeper, shelves, take_in
from tests.web.desk.conftest import browser
from tests.world import START, add_person
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.stations.actions.identify import CodeLocked, WrongCode, identify
from yishi.stations.actions.queue_setup import make_link
from yishi.stations.models.parcels import StationParcel
from yishi.stations.rules.codes import chance_of_a_guess

pytestmark = pytest.mark.django_db
TRIES = 24


@pytest.fixture
def by(world):
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        shelves()
        by = keeper()
        take_in(by=by, at=now())
        yield by


def heard(*ask):
    """How many of the tries were looked at, asked in turn; the others met a lock or too many."""
    statuses = [ask[n % len(ask)](f"99-9-{n:04}") for n in range(TRIES)]
    assert set(statuses) <= {404, 423, 429}, "nothing was opened"
    return statuses.count(404)


def at_counter(name="keeper"):
    client = browser(User.objects.get(username=name))
    return lambda code: client.post("/station/ST01/out", {"scan": code}).status_code


def by_program(name="s"):
    made = add_key(role=Role.STATION_KEEPER, outlet_code="DS01", name=name, by=SYSTEM_VIEWER, at=now())
    caller = Caller(made)
    return lambda code: caller.post("/stations/ST01/handouts", {"pickup_code": code}).status_code


def at_machine(by):
    client = browser(None)
    client.get(f"/station/open/{make_link(station='ST01', kind='KIOSK', by=by, at=now()).token}")
    return lambda code: client.post("/station/kiosk", {"code": code}).status_code


def test_from_one_account_one_program_one_machine(by):
    assert heard(at_counter()) == 5
    assert heard(by_program()) == 5
    assert heard(at_machine(by)) == 5


def test_from_many(by):
    """Every account has five of its own, machines twenty together; the same code has five from everywhere."""
    for n in range(3):
        add_person(f"k{n}", f"店员{n}", Role.STATION_KEEPER, "DS01")
    assert heard(*(at_counter(f"k{n}") for n in range(3))) == 15
    assert heard(*(at_machine(by) for _ in range(6))) == 20
    ask = [by_program(f"p{n}") for n in range(4)]
    assert [ask[n % 4]("88-8-8888") for n in range(8)].count(404) == 5


def test_one_persons_minute_code_from_everywhere(by):
    """Eight digits of one parcel: five tries, whoever asks, then even the right one waits."""
    stay = StationParcel.objects.get()
    tried = 0
    for n in range(TRIES):
        with pytest.raises((WrongCode, CodeLocked)) as found:
            text = f"YQ{stay.pk}.{n:08}"
            identify(card=card_of(by), text=text, asked_by=f"user:{n}", is_attended=True, at=now())
        tried += isinstance(found.value, WrongCode)
    assert tried == 5


def test_addresses_of_pickup_pages(by, settings):
    """128 bits behind the number: nothing is found, and one address is slowed."""
    stay = StationParcel.objects.get()
    answers = [Client().get(f"/p/{stay.pk}-{n:022}").status_code for n in range(TRIES)]
    assert set(answers) <= {404, 429}


@pytest.mark.parametrize(
    ("template", "inside", "percent"),
    [
        ("{shelf}-{layer}-{number:4}", 500, 1.7),
        ("{shelf}-{layer}-{number:4}", 5000, 15.4),
        ("{number:4}", 500, 64.2),
        ("{tail:4}", 500, 64.2),
        ("{random:6}", 500, 1.0),
        ("{number:4}", 20000, 100.0),
        ("{number:4}", 0, 0.0),
    ],
)
def test_what_a_template_is_worth(template, inside, percent):
    chance = chance_of_a_guess(template, places=60, inside=inside, tries=20)
    assert round(100 * chance, 1) == percent
