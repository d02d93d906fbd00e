"""Liveness, readiness and figures, and who may read them."""

import pytest
from django.db import OperationalError

from yishi.config import health
from yishi.kit.clock import now
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

pytestmark = pytest.mark.django_db


def test_live(client):
    assert client.get("/health/live").status_code == 200


def test_ready(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "migrations": True, "queue_age_s": 0.0}


def test_not_ready_without_database(client, monkeypatch):
    def refuse():
        raise OperationalError

    monkeypatch.setattr(health, "_schema_is_complete", refuse)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["database"] is False


def test_not_ready_with_an_old_schema(client, monkeypatch):
    monkeypatch.setattr(health, "_is_migrated", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one more"])
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["migrations"] is False


def test_figures_have_their_tables(client):
    text = client.get("/metrics").content.decode()
    for name in ("yishi_queue_age_seconds", "yishi_outbox_due", "yishi_deliveries_due", "yishi_clocks_due"):
        assert f"\n{name} " in text


@pytest.mark.parametrize("outside", [{"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}])
def test_metrics_are_not_for_strangers(client, outside):
    assert client.get("/metrics", **outside).status_code == 401
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer yk_no", **outside).status_code == 401


@pytest.mark.parametrize(("role", "status"), [(Role.OPERATOR, 200), (Role.INTEGRATOR, 401)])
def test_metrics_with_a_key(client, role, status):
    key = add_key(role=role, outlet_code="", name="prometheus", by=SYSTEM_VIEWER, at=now())
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION=f"Bearer {key}")
    assert answer.status_code == status
