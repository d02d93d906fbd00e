"""A widespread delay declared, read and ended by program."""

from datetime import timedelta

import pytest

from tests.api.conftest import Caller
from tests.world import START
from yishi.detection.models.events import MassEvent
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

pytestmark = pytest.mark.django_db
SAID = {"kind": "ROAD_CLOSED", "outlets": ["DS01"], "text": "高架封路", "until": "2999-01-01T00:00:00+08:00"}


@pytest.fixture
def manager(world) -> Caller:
    key = add_key(role=Role.OUTLET_MANAGER, outlet_code="DS01", name="m", by=SYSTEM_VIEWER, at=START)
    return Caller(key)


@pytest.fixture
def in_time():
    return {**SAID, "until": (now() + timedelta(hours=6)).isoformat()}


def test_it_is_declared_listed_read_and_ended(manager, in_time) -> None:
    made = manager.post("/mass-events", in_time)
    assert made.status_code == 201, made.content
    one = made.json()
    assert (one["kind"], one["place"], one["closed_at"]) == ("ROAD_CLOSED", "东山网点", None)
    assert one["numbers"]["parcels"] == 0 and one["report_due_at"] and one["reported_at"] is None
    assert manager.post("/mass-events", in_time).status_code == 409
    assert [row["id"] for row in manager.get("/mass-events").json()["items"]] == [one["id"]]
    assert manager.post(f"/mass-events/{one['id']}/end").json()["closed_at"]
    assert manager.post(f"/mass-events/{one['id']}/end").status_code == 409


@pytest.mark.parametrize(
    ("changed", "status", "pointers"),
    [
        ({"kind": "FLOOD", "text": " ", "until": "2000-01-01T00:00:00Z"}, 422, ["/kind", "/text", "/until"]),
        ({"outlets": []}, 422, ["/area"]),
        ({"until": "bald"}, 422, ["/until"]),
        ({"since": "2998-01-01T00:00:00Z"}, 422, ["/since"]),
        ({"weather": "snow"}, 422, ["/weather"]),
        ({"outlets": ["JN01"]}, 404, []),
        ({"outlets": ["NOWHERE"]}, 404, []),
        ({"regions": ["NJ"]}, 404, []),
        ({"cities": ["南京市"]}, 403, []),
    ],
)
def test_what_is_refused_is_itemised_and_changes_nothing(manager, in_time, changed, status, pointers) -> None:
    answer = manager.post("/mass-events", {**in_time, **changed})
    assert (answer.status_code, sorted(e["pointer"] for e in answer.json()["errors"])) == (status, pointers)
    assert not MassEvent.objects.exists()


def test_what_concerns_another_outlet_is_not_there(manager, in_time, world) -> None:
    other = add_key(role=Role.OUTLET_MANAGER, outlet_code="JN01", name="o", by=SYSTEM_VIEWER, at=START)
    number = manager.post("/mass-events", in_time).json()["id"]
    stranger = Caller(other)
    assert stranger.get(f"/mass-events/{number}").status_code == 404
    assert stranger.post(f"/mass-events/{number}/end").status_code == 404
    assert stranger.get("/mass-events").json()["items"] == []
    agent = add_key(role=Role.AGENT, outlet_code="DS01", name="a", by=SYSTEM_VIEWER, at=START)
    assert Caller(agent).post("/mass-events", in_time).status_code == 403
