"""A caller of the API: keys by role, JSON in and out."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from tests.world import CONSUMER_PHONE, START, World
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

COMPLAINT = {
    "waybill_no": "YT6190000000001",
    "category": "DAMAGED",
    "text": "杯子碎了两只",
    "contact": {"phone": CONSUMER_PHONE, "name": "王女士"},
}


@dataclass
class Caller:
    """Speaks JSON with one key; `last` is the last answer."""

    key: str = ""
    client: Client = field(default_factory=Client)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data = body if isinstance(body, bytes | str) else json.dumps(body) if body is not None else ""
        send = {"headers": headers, "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1{path}", data, **send)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body if body is not None else {}, **headers)


@pytest.fixture
def public(world: World) -> Caller:
    """Somebody without an account."""
    return Caller()


@pytest.fixture
def agent(world: World) -> Caller:
    return Caller(add_key(role=Role.AGENT, outlet_code="DS01", name="desk", by=SYSTEM_VIEWER, at=START))


@pytest.fixture
def stranger(world: World) -> Caller:
    """An agent of another outlet."""
    return Caller(add_key(role=Role.AGENT, outlet_code="JN01", name="desk", by=SYSTEM_VIEWER, at=START))


@pytest.fixture
def head_office(world: World) -> Caller:
    return Caller(add_key(role=Role.QUALITY, outlet_code="", name="hq", by=SYSTEM_VIEWER, at=START))


@pytest.fixture
def courier(world: World) -> Caller:
    return Caller(add_key(role=Role.COURIER, outlet_code="DS01", name="c", by=SYSTEM_VIEWER, at=START))
