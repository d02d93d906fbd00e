"""Hot paths run native prepared statements on Django's own connection, in its transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg.pq import PipelineStatus


def hot_cursor() -> "psycopg.Cursor[Any]":
    """A plain psycopg cursor on the present connection; pass `prepare=True` to `execute` for a kept plan."""
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None
    return psycopg.Cursor(raw)


@contextmanager
def hot_pipeline() -> Iterator[None]:
    """Statements inside wait for the database only when somebody reads what they found.

    Stand inside the transaction: whatever fails is raised here at the latest, before the commit.
    """
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None
    if raw.pgconn.pipeline_status != PipelineStatus.OFF:
        yield
        return
    with raw.pipeline():
        yield
