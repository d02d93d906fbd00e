"""Whether the installation lives, is ready, and how it fares: for load balancers, scripts and Prometheus."""

import os
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from yishi.kit.clock import now

_is_migrated = False

# name, what it tells, and a query with an index behind it
_FIGURES = (
    (
        "yishi_outbox_due",
        "Facts whose later reactions wait.",
        "SELECT count(*) FROM kit_fact WHERE due_at <= %s",
    ),
    (
        "yishi_reactions_parked",
        "Reactions given up after five tries.",
        "SELECT count(*) FROM kit_reaction_try WHERE parked_at <= %s",
    ),
    (
        "yishi_deliveries_due",
        "Notices that wait to be sent.",
        "SELECT count(*) FROM notifications_delivery WHERE due_at <= %s",
    ),
    (
        "yishi_clocks_due",
        "Deadlines that wait to be acted on.",
        "SELECT count(*) FROM sla_clock WHERE act_at <= %s",
    ),
    (
        "yishi_subscriptions_due",
        "Parcels that sources wait to be asked about.",
        "SELECT count(*) FROM feeds_subscription WHERE due_at <= %s",
    ),
)


def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and has this release's schema; in a demo, when its sample is complete."""
    state = readiness()
    return JsonResponse(state, status=200 if all(v is not False for v in state.values()) else 503)


def readiness() -> dict[str, Any]:
    """`database`, `migrations`, `queue_age_s` (the oldest fact that still waits), in a demo also `sample`."""
    state: dict[str, Any] = {"database": False, "migrations": False, "queue_age_s": None}
    try:
        state["queue_age_s"] = _queue_age() if _schema_is_complete() else None
        state["database"] = True
        state["migrations"] = _is_migrated
    except Error:
        connection.close()
    if settings.ENVIRONMENT.is_demo:
        state["sample"] = (settings.ENVIRONMENT.home / "demo.json").exists()
    return state


def _schema_is_complete() -> bool:
    """Looked at until it is so once: a newer schema under a running release is fine."""
    global _is_migrated
    if not _is_migrated:
        executor = MigrationExecutor(connection)
        _is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    else:
        connection.ensure_connection()
    return _is_migrated


def _queue_age() -> float:
    oldest = _value("SELECT min(due_at) FROM kit_fact WHERE due_at <= %s")
    return round((now() - oldest).total_seconds(), 1) if oldest else 0.0


def _value(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, [now()])
        row = cursor.fetchone()
    return row[0] if row else None


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for callers on this machine and holders of an operator's key."""
    if not may_read_metrics(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    lines = [generate_latest(_registry()).decode()]
    state = readiness()
    lines.append(
        _line("yishi_queue_age_seconds", "Age of the oldest waiting fact.", state["queue_age_s"] or 0)
    )
    if state["migrations"]:
        lines += [_line(name, text, _value(query)) for name, text, query in _FIGURES]
    return HttpResponse("".join(lines), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """All web processes together, where they share a folder for it."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _line(name: str, text: str, value: float) -> str:
    return f"# HELP {name} {text}\n# TYPE {name} gauge\n{name} {value}\n"


def may_read_metrics(request: HttpRequest) -> bool:
    """Straight from this machine (a proxy adds X-Forwarded-For), or with a key that may read metrics."""
    is_local = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
    if is_local and "HTTP_X_FORWARDED_FOR" not in request.META:
        return True
    from yishi.people.queries import viewer_of_key
    from yishi.people.rules import Permission

    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    viewer = viewer_of_key(token.strip()) if scheme.lower() == "bearer" else None
    return viewer is not None and viewer.may(Permission.METRICS)


urlpatterns: list[URLPattern] = [
    path("health/live", live),
    path("health/ready", ready),
    path("metrics", metrics),
]
