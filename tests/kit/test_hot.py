"""A pipeline on the hot path waits less and hides nothing: what fails in it undoes the transaction."""

import psycopg
import pytest
from django.db import transaction

from yishi.kit.hot import hot_cursor, hot_pipeline
from yishi.kit.models import FactRow

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
