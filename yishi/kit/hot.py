"""Hot paths run native prepared statements on Django's own connection, in its transaction."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from psycopg.pq import PipelineStatus

M = TypeVar("M", bound=models.Model)


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


class KeptQuery(Generic[M]):
    """A query whose SQL is written once a process and whose plan is kept; rows come as the ORM's own.

    The ORM takes a millisecond to write each anew. `examples` stand in the queryset where values will:
    numbers and bytes that occur nowhere else in it.
    """

    def __init__(self, make: "Callable[[], models.QuerySet[M]]", *examples: object) -> None:
        self._make, self._examples = make, examples

    def rows(self, *values: object) -> list[M]:
        """The rows for these values, in the order of the examples."""
        compiler, sql, places, has_lock = self._written
        if has_lock and not connection.in_atomic_block:
            raise TransactionManagementError("a row is locked inside a transaction only")
        given = [values[place] for place in places]
        found = hot_cursor().execute(sql, given, prepare=True).fetchall()
        return list(self._made(compiler, found)) if found else []

    def first(self, *values: object) -> M | None:
        found = self.rows(*values)
        return found[0] if found else None

    @cached_property
    def _written(self) -> tuple[SQLCompiler, str, list[int], bool]:
        query = self._make().query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, given = compiler.as_sql()
        params = [value.obj if isinstance(value, psycopg.Binary) else value for value in given]
        # what is no example is a value of the query itself, and stays in it
        own = iter([_literal(value) if value not in self._examples else "%s" for value in params])
        pieces = sql.split("%s")
        written = pieces[0] + "".join(f"{next(own)}{piece}" for piece in pieces[1:])
        places = [self._examples.index(value) for value in params if value in self._examples]
        assert sorted(set(places)) == list(range(len(self._examples))), "an example that stands nowhere"
        return compiler, written, places, bool(query.select_for_update)

    def _made(self, compiler: SQLCompiler, found: list[Any]) -> Iterator[M]:
        select, info = compiler.select, compiler.klass_info
        assert select is not None and info is not None
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        # the stubs are of a later Django, which asks for one thing more
        related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        for row in compiler.results_iter([found]):
            made = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for each in related:
                each.populate(row, made)
            yield made


def _literal(value: object) -> str:
    """As it stands in SQL: a value of the code itself, never one that somebody gave."""
    return psycopg.sql.Literal(value).as_string(_present()).replace("%", "%%")


def hot_insert(row: M) -> M:
    """Writes one new row, which gets its id: as `save` does, by a statement that is written once a process
    and whose plan is kept. Raises Django's own errors (IntegrityError), for its callers catch those."""
    fields = [field for field in _fields(type(row)) if not field.primary_key]
    values = [_plain(field, field.pre_save(row, True)) for field in fields]
    with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
        found = hot_cursor().execute(_insert(type(row)), values, prepare=True).fetchone()
    assert found is not None
    row.pk, row._state.adding, row._state.db = found[0], False, DEFAULT_DB_ALIAS
    return row


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
def _insert(model: type[models.Model]) -> str:
    meta = model._meta
    fields = [field for field in _fields(model) if not field.primary_key]
    names = ", ".join(str(field.column) for field in fields)
    given = ", ".join(f"%s::{field.db_type(connection)}" for field in fields)
    assert meta.pk is not None
    return f"INSERT INTO {meta.db_table} ({names}) VALUES ({given}) RETURNING {meta.pk.column}"


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
