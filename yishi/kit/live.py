"""Nudges: ids over LISTEN/NOTIFY to the edge; pages then re-fetch through their checked view."""

import json

from django.core import signing
from django.db import connection

CHANNEL = "yishi_live"
TICKET_SECONDS = 60


def nudge(*topics: str) -> None:
    """Tells every page that shows one of these topics (`case:…`, `outlet:…`) after the commit."""
    with connection.cursor() as cursor:
        for topic in topics:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"topic": topic})])


def make_ticket(*, topics: list[str], viewer: str) -> str:
    """A signed permission to listen to these topics; good for connecting during the next 60 s."""
    return signing.dumps({"topics": topics, "viewer": viewer}, salt="live", compress=True)


def read_ticket(ticket: str) -> list[str]:
    """The topics of a ticket. `signing.BadSignature` (or its subclass for an old one) when it is not ours."""
    return list(signing.loads(ticket, salt="live", max_age=TICKET_SECONDS)["topics"])
