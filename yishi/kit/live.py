"""Nudges: ids over LISTEN/NOTIFY to the edge; pages then re-fetch through their checked view."""

import json

from django.core import signing

from yishi.kit.hot import hot_cursor

CHANNEL = "yishi_live"
TICKET_SECONDS = 60
_NOTIFY = "SELECT pg_notify(%s, said) FROM unnest(%s::text[]) AS said"


def nudge(*topics: str) -> None:
    """Tells every page that shows one of these topics (`case:…`, `outlet:…`) after the commit."""
    hot_cursor().execute(_NOTIFY, [CHANNEL, [words_of(topic) for topic in topics]], prepare=True)


def words_of(topic: str) -> str:
    """What is said on CHANNEL, for a statement that says it itself."""
    return json.dumps({"topic": topic})


def make_ticket(*, topics: list[str], viewer: str) -> str:
    """A signed permission to listen to these topics; good for connecting during the next 60 s."""
    return signing.dumps({"topics": topics, "viewer": viewer}, salt="live", compress=True)


def read_ticket(ticket: str) -> list[str]:
    """The topics of a ticket. `signing.BadSignature` (or its subclass for an old one) when it is not ours."""
    return list(signing.loads(ticket, salt="live", max_age=TICKET_SECONDS)["topics"])
