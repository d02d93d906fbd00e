"""A release behind: the schema as 033eb63 had it, filled by SQL, taken to today's in one go, and used."""

from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
import time_machine
from click.testing import CliRunner
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from tests import standing
from tests.cases.old_data import LINES, TOKEN, old_data
from tests.world import START
from yishi.cases.jobs import sweep_search_filling
from yishi.cases.queries.cards import get_case_by_token
from yishi.cases.queries.workflows import stand_of
from yishi.cli.main import group
from yishi.config.worker import sweep_all

BACKEND = "django.contrib.auth.backends.ModelBackend"
# what the last release had; rooms not named here were as they are now
LAST_RELEASE = {
    "cases": "0002_history",
    "consignees": "0001_initial",
    "feedback": "0001_initial",
    "kit": "0001_initial",
    "notifications": "0003_feed_alarm",
    "people": "0001_initial",
    "sla": "0002_shipped",
}
NEW_ROOMS = {
    "assistant", "automation", "claims", "conversations", "detection", "insight", "knowledge", "routing",
    "stations",
}  # fmt: skip


@contextmanager
def _database_of_its_own(name):
    """The connection of this test leads to an empty database, which is gone afterwards."""
    standing.take_down()  # else the connection would be closed within the cast's transaction
    usual = connection.settings_dict["NAME"]
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    plain = {k: v for k, v in parameters.items() if k in {"dbname", "user", "password", "host", "port"}}
    connection.close()
    with psycopg.connect(**plain, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def migrated(django_db_blocker, settings, tmp_path):
    """Last release's schema with its data, then today's."""
    settings.MEDIA_ROOT = tmp_path
    with (
        django_db_blocker.unblock(),
        _database_of_its_own(f"{connection.settings_dict['NAME']}_old"),
        time_machine.travel(START, tick=False),
    ):
        executor = MigrationExecutor(connection)
        newest = executor.loader.graph.leaf_nodes()
        executor.migrate([(app, LAST_RELEASE.get(app, n)) for app, n in newest if app not in NEW_ROOMS])
        with connection.cursor() as cursor:
            assert not set(connection.introspection.table_names(cursor)) & {"cases_type", "claims_claim"}
            cursor.execute(old_data())
        MigrationExecutor(connection).migrate(newest)
        yield


def _rows(ask):
    with connection.cursor() as cursor:
        cursor.execute(ask)
        return cursor.fetchall()


def test_a_release_behind(migrated):
    """One test, because the way there is long: nothing is lost, and all that is new works on what is old."""
    _history_is_whole()
    _words_are_found()
    _the_clocks_go_on()
    _pages_open()
    _an_old_case_is_worked_on()
    _history_is_whole()


def _history_is_whole():
    done = CliRunner().invoke(group, ["audit", "verify"])
    assert done.exit_code == 0 and done.stdout.endswith("whole\n"), done.output
    assert done.stdout.startswith("cases\t3\n")
    said = _rows("SELECT text FROM cases_timeline_entry ORDER BY id")[:6]
    assert [text for (text,) in said] == LINES
    assert _rows("SELECT count(*) FROM cases_timeline_entry WHERE hash = '\\x'::bytea") == [(0,)]


def _words_are_found():
    sweep_search_filling(at=START + timedelta(days=365))
    owner = _owner()
    for word in ("蚕丝被", "HQ-7"):
        assert "desk/cases/26112" in owner.get("/desk/search", {"q": word}).content.decode(), word


def _the_clocks_go_on():
    """The late one breaks, the paused one waits on."""
    sweep_all(at=START)
    ask = "SELECT breached_at, paused_at FROM sla_clock WHERE kind = '{}' ORDER BY id"
    assert _rows(ask.format("NEXT_UPDATE"))[0] == (START - timedelta(hours=1), None)
    (waiting,) = _rows(ask.format("RESOLUTION"))
    assert waiting[0] is None and waiting[1] is not None


def _pages_open():
    owner, numbers = _owner(), [no for (no,) in _rows("SELECT case_no FROM cases_case")]
    pages = [f"/desk/cases/{no}" for no in numbers] + [
        "/desk/?view=all",
        "/desk/tasks",
        "/manage/rates",
        "/manage/sla",
    ]
    answers = {page: owner.get(page).status_code for page in pages}
    answers["progress"] = Client().get(f"/c/{TOKEN}").status_code
    assert set(answers.values()) == {200}, answers


def _an_old_case_is_worked_on():
    """It has the type and the step that its category and its state imply; every verb works on it."""
    case = get_case_by_token(TOKEN)
    stand = stand_of(case)
    assert (case.type_key, stand.terms.category) == ("", "SIGNED_NOT_RECEIVED")
    assert stand.place.key in {step.key for step in stand.workflow.steps}
    owner, address = _owner(), f"/desk/cases/{case.case_no}"
    assert owner.post(f"{address}/reply", {"text": "找到了，今晚送"}).status_code == 302
    step = {"to": stand.moves[0].key, "reason": "接着办"}
    assert owner.post(f"{address}/step", step).status_code in {302, 409, 422}
    said = {"remedy": "FOUND", "text": "送到了", "validity": "VALID", "finding_reason": "监控"}
    cause = {"party": "COURIER", "root_cause": "MISPLACED"}
    done = owner.post(f"{address}/settle", said | cause)
    assert done.status_code == 302, done.content.decode()
    assert get_case_by_token(TOKEN).status == "RESOLVED"


def _owner():
    client = Client()
    client.force_login(get_user_model().objects.get(username="laoban"), backend=BACKEND)
    return client
