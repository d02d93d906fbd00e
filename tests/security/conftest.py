"""What the attacks share: every door of the product, a print of the whole database, one case with a past."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from PIL import Image

from tests.web.consumer.conftest import take_road
from tests.web.desk.conftest import open_at
from tests.world import START
from yishi.cases.actions.evidence import add_evidence
from yishi.cases.queries.cards import CaseCard, get_case
from yishi.feeds.actions.files import open_import
from yishi.feeds.actions.inbox import quarantine
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.queries.sources import find_source
from yishi.kit.clock import now
from yishi.kit.files import Upload, store_upload
from yishi.people.actions import add_key
from yishi.people.queries import list_keys
from yishi.people.rules import SYSTEM_VIEWER, Role

PARCEL = "771200000017402"

# counts of tries, sessions and silent looks are written by a refusal itself
_MAY_CHANGE = ("django_session", "kit_rate_count", "people_sign_in", "django_migrations")


@dataclass(frozen=True)
class Place:
    """A case of Dongshan with its file and contact, and the operator's things."""

    case: CaseCard
    file_id: str
    raw_id: int
    key_id: int
    import_id: int


@pytest.fixture
def place(world, settings, tmp_path) -> Place:
    settings.MEDIA_ROOT = tmp_path
    take_road(PARCEL)
    case = open_at(world.dongshan_id, contact_id=world.contact_id)
    upload = Upload(name="门口.jpg", content_type="image/jpeg", stream=photo())
    stored = store_upload(upload=upload, retention_class="EVIDENCE", at=now())
    add_evidence(case_id=case.id, files=[stored.id], by=SYSTEM_VIEWER, at=now())
    ensure_source(code="lost", plugin="generic", at=START)
    raw_id = quarantine(
        source=find_source("lost"),
        body=b"{",
        content_type="application/json",
        reason="bad_json",
        detail="",
        at=START,
    )
    add_key(role=Role.INTEGRATOR, name="shop", by=SYSTEM_VIEWER, at=START)
    (key,) = list_keys(SYSTEM_VIEWER)
    return Place(get_case(case.id), str(stored.id), raw_id, key.key_id, _import())


def _import() -> int:
    """A file of head office that Dongshan has handed in."""
    upload = Upload(
        name="清单.csv", content_type="text/csv", stream=io.BytesIO(f"运单号,收件人\n{PARCEL},王".encode())
    )
    return open_import(upload=upload, carrier="yuantong", outlet_code="DS01", by=SYSTEM_VIEWER, at=START)


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "#b9c6c4").save(body, "JPEG")
    return SimpleUploadedFile(name, body.getvalue(), "image/jpeg")


def addresses() -> list[str]:
    """Every address that the web process knows, as its patterns say it."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for part in resolver.url_patterns:
        address = f"{before}{part.pattern}"
        if isinstance(part, URLResolver):
            yield from _walk(part, address)
        else:
            yield address


def operations() -> list[tuple[str, str]]:
    """Every (method, address) of the JSON API."""
    from yishi.api.main import api

    return [
        (method, f"{prefix}{path}")
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]


def database_print() -> dict[str, str]:
    """One hash a table: equal prints mean that nothing has changed."""
    with connection.cursor() as cursor:
        cursor.execute(_asked_of_all())
        return dict(cursor.fetchall())


def written() -> int:
    """How many rows this transaction wrote, those taken back among them: the same number, the same print.

    A print reads the whole database; this is one look at what the server counts anyway.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
            " WHERE relname <> ALL(%s)",
            [list(_MAY_CHANGE)],
        )
        return int(cursor.fetchone()[0])


class Watched:
    """The database from here on: `changed()` names the tables that are not what they were."""

    def __init__(self) -> None:
        self._print, self._written = database_print(), written()

    def changed(self) -> set[str]:
        """What has changed since the last time one asked."""
        if (count := written()) == self._written:
            return set()
        before, self._print, self._written = self._print, database_print(), count
        return {table for table, mark in self._print.items() if mark != before.get(table)}


@cache
def _asked_of_all() -> str:
    tables = [t for t in connection.introspection.table_names() if t not in _MAY_CHANGE]
    return " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {table} t"
        for table in tables
    )


@contextmanager
def undone() -> Iterator[None]:
    """What happens in the block is taken back."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def strict_client() -> Client:
    """A browser whose forms need their token; a crash is an answer like any other."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)
