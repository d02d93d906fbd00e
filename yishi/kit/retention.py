"""How long rows are kept: the mechanism. The one table of what is kept how long is `config.retention`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import OperationalError, connection, models, transaction

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Rows of `model` (`app.Model`) go when `column` is `days` past; `only` narrows by further fields.

    Where the table `is_partitioned` by ranges of that column, whole partitions go first, each at once.
    """

    model: str
    column: str
    days: int
    only: Mapping[str, Any] = field(default_factory=dict)
    is_partitioned: bool = False


def sweep_retention(*, table: Sequence[Retention], at: datetime, most: int = 100_000) -> dict[str, int]:
    """Deletes what has been kept long enough, in short transactions; returns how many rows by model.

    At most `most` rows a model and call, so that a first sweep of an old installation ends; the rest
    goes the next night. Rows that others protect stay until those are gone.
    """
    gone: dict[str, int] = {}
    for entry in table:
        dropped = _drop_partitions(entry, at=at) if entry.is_partitioned else 0
        gone[entry.model] = gone.get(entry.model, 0) + dropped + _sweep(entry, at=at, most=most)
    return gone


_BOUND = r"TO \('([^']+)"
_PAST = """
SELECT part.relname FROM pg_inherits
JOIN pg_class part ON part.oid = inhrelid JOIN pg_class whole ON whole.oid = inhparent
WHERE whole.relname = %s AND substring(pg_get_expr(part.relpartbound, part.oid) FROM %s)::timestamptz <= %s
ORDER BY part.relname
"""


def _drop_partitions(entry: Retention, *, at: datetime) -> int:
    """Drops the partitions that end before the rows' time; how many rows went with them.

    Readers and writers of the table wait for that moment: what cannot be had within 2 s is left for the
    next night.
    """
    table = apps.get_model(entry.model)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(_PAST, [table, _BOUND, at - timedelta(days=entry.days)])
        return sum(_drop(str(name)) for (name,) in cursor.fetchall())


def _drop(partition: str) -> int:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(f'SELECT count(*) FROM "{partition}"')
            (rows,) = cursor.fetchone()
            cursor.execute(f'DROP TABLE "{partition}"')
    except OperationalError:
        return 0
    return int(rows)


def _sweep(entry: Retention, *, at: datetime, most: int) -> int:
    total, stuck = 0, set[Any]()
    while total < most:
        batch = _oldest(entry, before=at - timedelta(days=entry.days), without=stuck)
        held = _delete(entry, batch)
        stuck |= held
        total += len(batch) - len(held)
        if len(batch) < BATCH:
            break
    return total


def _oldest(entry: Retention, *, before: datetime, without: set[Any]) -> list[Any]:
    rows = (
        _manager(entry).filter(**{f"{entry.column}__lt": before}, **entry.only).exclude(pk__in=list(without))
    )
    return list(rows.order_by(entry.column).values_list("pk", flat=True)[:BATCH])


def _delete(entry: Retention, batch: Sequence[Any]) -> set[Any]:
    """Deletes the batch in one transaction, or row by row when one is protected; returns what stayed."""
    try:
        with transaction.atomic():
            _say_so()
            _manager(entry).filter(pk__in=batch).delete()
        return set()
    except (models.ProtectedError, models.RestrictedError):
        if len(batch) == 1:
            return set(batch)
        return {pk for one in batch for pk in _delete(entry, [one])}


def _say_so() -> None:
    """Triggers that keep history as it was written let this transaction delete."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('yishi.retention', 'on', true)")


def _manager(entry: Retention) -> models.Manager[Any]:
    manager: models.Manager[Any] = apps.get_model(entry.model)._base_manager
    return manager
