"""Addresses of the JSON API, under /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from yishi.api import (
    bookings,
    calls,
    cases,
    chat,
    handovers,
    incidents,
    interceptions,
    mass_events,
    proposals,
    public,
    scans,
    shipments,
    stations,
    tracking,
    weather,
    webhooks,
)
from yishi.api.main import api

api.add_router("/public", public.router)
api.add_router("/public", chat.router)
api.add_router("/public", proposals.router)
api.add_router("/public", calls.router)
api.add_router("/cases", cases.router)
api.add_router("/cases", handovers.router)
api.add_router("/cases", interceptions.router)
api.add_router("/incidents", incidents.router)
api.add_router("/mass-events", mass_events.router)
api.add_router("", bookings.router)
api.add_router("", tracking.router)
api.add_router("", shipments.router)
api.add_router("", scans.router)
api.add_router("", stations.router)
api.add_router("", weather.router)
api.add_router("", webhooks.router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", api.urls),
]
