"""A pipeline on the hot path waits less and hides nothing: what fails in it undoes the transaction."""

import psycopg
import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from tests.world import World
from yishi.kit.hot import KeptQuery, hot_cursor, hot_pipeline
from yishi.kit.models import FactRow, StoredFile
from yishi.people.models import User

pytestmark = pytest.mark.django_db

_NOTE = "INSERT INTO kit_fact (fact, body, announced_at) VALUES (%s, '{}', now())"


def test_statements_whose_answer_nobody_reads_are_done() -> None:
    with transaction.atomic(), hot_pipeline(), hot_pipeline():
        hot_cursor().execute(_NOTE, ["test.Noted"], prepare=True)
    assert FactRow.objects.filter(fact="test.Noted").exists()


def test_a_plan_that_is_asked_for_is_kept_and_no_other() -> None:
    # Django forbids psycopg to keep plans unless the settings say otherwise: every hot path would plan anew
    cursor = hot_cursor()
    cursor.execute("SELECT 'kept' AS plan", prepare=True)
    cursor.execute("SELECT 'not kept' AS plan")
    kept = {row[0] for row in cursor.execute("SELECT statement FROM pg_prepared_statements")}
    assert "SELECT 'kept' AS plan" in kept
    assert "SELECT 'not kept' AS plan" not in kept


def test_a_failure_nobody_waited_for_is_raised_and_nothing_stays() -> None:
    with pytest.raises(psycopg.errors.DivisionByZero), transaction.atomic(), hot_pipeline():
        hot_cursor().execute(_NOTE, ["test.Noted"], prepare=True)
        hot_cursor().execute("SELECT 1 / %s::int", [0], prepare=True)
    assert not FactRow.objects.filter(fact="test.Noted").exists()


_OF_OUTLET = KeptQuery(
    lambda: User.objects.select_for_update(of=("self",)).filter(pk__gte=-7001, role="AGENT").order_by("pk"),
    -7001,
)
_FILES = KeptQuery(lambda: StoredFile.objects.filter(intake_sha256=bytes(32), size__gt=7001), bytes(32), 7001)


def test_a_kept_query_finds_what_the_orm_finds(world: World) -> None:
    with transaction.atomic():
        kept = _OF_OUTLET.rows(0)
    assert kept == list(User.objects.filter(role="AGENT").order_by("pk"))
    assert kept and [each.email for each in kept] == [
        each.email for each in User.objects.filter(role="AGENT").order_by("pk")
    ]


def test_a_kept_query_is_asked_again_with_other_values(world: World) -> None:
    with transaction.atomic():
        first = _OF_OUTLET.first(0)
        assert first is not None
        assert _OF_OUTLET.first(first.pk + 1_000_000) is None
        assert _OF_OUTLET.first(first.pk) == first


@pytest.mark.django_db(transaction=True)
def test_a_kept_query_locks_inside_a_transaction_only() -> None:
    with pytest.raises(TransactionManagementError):
        _OF_OUTLET.first(0)


def test_a_kept_query_takes_bytes(world: World) -> None:
    assert _FILES.rows(b"x" * 32, 0) == []


def test_an_example_that_stands_nowhere_is_told(world: World) -> None:
    with pytest.raises(AssertionError, match="stands nowhere"):
        KeptQuery(lambda: User.objects.filter(pk=-1), -1, -2).first(1, 2)
