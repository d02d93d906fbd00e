"""The one place that reads the clock. Edges and jobs call `now()` and pass it on as `at=`."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC, with its zone."""
    return datetime.now(UTC)
