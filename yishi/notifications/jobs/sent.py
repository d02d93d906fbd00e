"""Senders whose parcels the carrier has now are told, each once for all of them."""

from datetime import datetime

from yishi.notifications.actions.sent import tell_senders


def sweep_sent(*, at: datetime, limit: int) -> int:
    """Tells up to `limit` senders who are due; how many."""
    return tell_senders(at=at, limit=limit)
