"""Messages ahead that are due: told, or told that it comes later."""

from datetime import datetime
from itertools import takewhile

from yishi.notifications.actions.tell_ahead import look_at_due


def sweep_ahead(*, at: datetime, limit: int = 50) -> int:
    """Looks at up to `limit` notes whose time has come, each in a transaction of its own; how many."""
    return sum(1 for _ in takewhile(bool, (look_at_due(at=at) for _ in range(limit))))
