"""Hot paths run native prepared statements on Django's own connection, in its transaction."""

from typing import Any

import psycopg
from django.db import connection


def hot_cursor() -> "psycopg.Cursor[Any]":
    """A plain psycopg cursor on the present connection; pass `prepare=True` to `execute` for a kept plan."""
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None
    return psycopg.Cursor(raw)
