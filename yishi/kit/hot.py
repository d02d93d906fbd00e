"""Hot paths run native prepared statements on Django's own connection, in its transaction."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from psycopg.pq import PipelineStatus


def hot_cursor() -> "psycopg.Cursor[Any]":
    """A plain psycopg cursor on the present connection; pass `prepare=True` to `execute` for a kept plan."""
    return psycopg.Cursor(_present())


def _present() -> "psycopg.Connection[Any]":
    """This thread's connection, looked up once: `django.db.connection` looks it up for every attribute."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    if wrapper.connection is None:
        wrapper.ensure_connection()
        assert wrapper.connection is not None
    raw: psycopg.Connection[Any] = wrapper.connection
    return raw


@contextmanager
def hot_pipeline() -> Iterator[None]:
    """Statements inside wait for the database only when somebody reads what they found.

    Stand inside the transaction: whatever fails is raised here at the latest, before the commit.
    """
    raw = _present()
    if raw.pgconn.pipeline_status != PipelineStatus.OFF:
        yield
        return
    with raw.pipeline():
        yield


def hot_upsert(rows: Sequence[models.Model]) -> None:
    """Writes whole rows of one model by their primary key, new or known, in one statement however many.

    An array a column: a `bulk_create` of some hundred rows spends its time on placeholders.
    """
    if not rows:
        return
    model = type(rows[0])
    columns = [[_plain(field, getattr(row, field.attname)) for row in rows] for field in _fields(model)]
    hot_cursor().execute(_upsert(model), columns, prepare=True)


def _fields(model: type[models.Model]) -> Sequence["models.Field[Any, Any]"]:
    return model._meta.concrete_fields


def _plain(field: "models.Field[Any, Any]", value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False)
    return field.get_db_prep_save(value, connection)


@cache
def _upsert(model: type[models.Model]) -> str:
    meta, fields = model._meta, _fields(model)
    names = [str(field.column) for field in fields]
    given = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    assert meta.pk is not None
    fresh = ", ".join(f"{name} = excluded.{name}" for name in names if name != meta.pk.column)
    return (
        f"INSERT INTO {meta.db_table} ({', '.join(names)}) SELECT * FROM unnest({given}) "
        f"ON CONFLICT ({meta.pk.column}) DO UPDATE SET {fresh}"
    )
