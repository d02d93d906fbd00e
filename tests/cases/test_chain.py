"""The chain of a case's history holds whoever writes in whatever order; what is tampered with shows."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases.making import at_dongshan, opened
from tests.world import START
from yishi.cases.actions.anchor import anchor_heads
from yishi.cases.actions.assign import assign
from yishi.cases.actions.reply import add_note, add_reply, consumer_reply
from yishi.cases.models.history import HistoryHead, TimelineEntry
from yishi.cases.queries.audit import verify_history
from yishi.cases.rules.chain import Break, SealedLine, broken, hash_of
from yishi.cli.audit import audit
from yishi.kit.errors import NotFound
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db
TABLE = "cases_timeline_entry"
NIGHT = START + timedelta(hours=9)
LINE = SealedLine(
    id=7,
    case_id=1,
    kind="NOTE",
    audience="INTERNAL",
    text="查过监控",
    data='{"files": 1}',
    author_kind="STAFF",
    author_id=3,
    at=datetime(2026, 11, 22, 2, 0, 0, 1, tzinfo=UTC),
    prev_hash=b"",
    hash=b"",
)


def tamper(sql: str, *values: object) -> None:
    """What somebody with the database's password could do: the guard switched off, a change, on again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")


def told(world) -> int:
    """A case with a story of its own: opened and placed by raw inserts, answered, noted, handed on."""
    case_id = at_dongshan(world).case_id
    lin = world.viewer(world.lin)
    add_reply(case_id=case_id, text="查到了：放在 3 号柜\n“马上送上门” \\ \u202e\u200b😀", by=lin, at=START)
    add_note(case_id=case_id, text="柜子照片已拍", by=lin, at=START + timedelta(microseconds=1))
    consumer_reply(case_id=case_id, text="还没有收到", at=START + timedelta(hours=1))
    boss = world.viewer(world.quality)
    assign(
        case_id=case_id, outlet_id=world.jiangning_id, assignee_id=None, reason="目的地", by=boss, at=START
    )
    return case_id


def lines(case_id: int) -> list[TimelineEntry]:
    return list(TimelineEntry.objects.filter(case_id=case_id).order_by("id"))


def test_trigger_and_python_agree_over_every_kind_of_writer(world):
    case_id = told(world)
    assert len({bytes(line.hash) for line in lines(case_id)}) == len(lines(case_id)) >= 7
    checked = verify_history()
    assert checked.is_whole
    assert (checked.cases, checked.lines) == (1, len(lines(case_id)))


def test_a_line_that_says_other_things_has_another_seal():
    sealed = SealedLine(**{**vars(LINE), "hash": hash_of(LINE)})
    assert broken(sealed, b"") is None
    assert broken(sealed, b"x") == Break.OUT_OF_LINE
    for changed in ({"text": "没查监控"}, {"author_id": None}, {"at": START}, {"audience": "PUBLIC"}):
        assert broken(SealedLine(**{**vars(sealed), **changed}), b"") == Break.ALTERED
    shifted = {"kind": "NOTEI", "audience": "NTERNAL"}
    assert hash_of(SealedLine(**{**vars(LINE), **shifted})) != hash_of(LINE)


@pytest.mark.parametrize(
    ("sql", "fault", "at_line"),
    [
        ("UPDATE cases_timeline_entry SET text = '已送到' WHERE id = %s", "ALTERED", 3),
        ("UPDATE cases_timeline_entry SET at = at - interval '1 hour' WHERE id = %s", "ALTERED", 3),
        ("UPDATE cases_timeline_entry SET data = '{\"x\": 1}' WHERE id = %s", "ALTERED", 3),
        ("DELETE FROM cases_timeline_entry WHERE id = %s", "OUT_OF_LINE", 4),
        ("UPDATE cases_timeline_entry SET id = id + 1000000 WHERE id = %s", "OUT_OF_LINE", 4),
    ],
)
def test_what_was_tampered_with_is_named(world, sql, fault, at_line):
    case_id = told(world)
    ids = [line.pk for line in lines(case_id)]
    tamper(sql, ids[3])
    checked = verify_history()
    assert (checked.fault, checked.entry_id) == (fault, ids[4] if at_line == 4 else ids[3])


def test_a_tail_cut_off_shows_from_the_next_morning_on_and_is_never_healed(world):
    case_id = told(world)
    assert anchor_heads(at=NIGHT) == 1
    last = lines(case_id)[-1].pk
    tamper("DELETE FROM cases_timeline_entry WHERE id = %s", last)
    add_note(case_id=case_id, text="像没事一样", by=SYSTEM_VIEWER, at=NIGHT)
    assert anchor_heads(at=NIGHT + timedelta(days=1)) == 0
    checked = verify_history()
    assert (checked.fault, checked.entry_id) == ("CUT_OFF", last)


def test_a_history_sealed_anew_after_a_change_shows_too(world):
    case_id = told(world)
    anchor_heads(at=NIGHT)
    tamper("UPDATE cases_timeline_entry SET text = '已送到' WHERE id = %s", lines(case_id)[2].pk)
    tamper("UPDATE cases_timeline_entry SET hash = '', prev_hash = '' WHERE case_id = %s", case_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_seal_history(%s)", [case_id])
    assert verify_history().fault == "CUT_OFF"


def test_a_whole_history_taken_away_shows(world):
    case_id = told(world)
    tamper("DELETE FROM cases_timeline_entry WHERE case_id = %s", case_id)
    assert verify_history().fault == "EMPTY"


def test_nobody_changes_a_line_or_gives_it_another_seal(world):
    line = lines(told(world))[0]
    for sql in ("UPDATE {} SET text = ''", "UPDATE {} SET hash = ''", "DELETE FROM {}"):
        with pytest.raises(Exception, match="never changed"), transaction.atomic():
            connection.cursor().execute(sql.format(TABLE))
    assert verify_history().is_whole
    assert lines(line.case_id)[0].text == line.text


def test_lines_of_an_older_release_are_sealed_in_their_order(world):
    case_id = told(world)
    before = [bytes(line.hash) for line in lines(case_id)]
    tamper("UPDATE cases_timeline_entry SET hash = '', prev_hash = ''")
    assert not verify_history().is_whole
    # the next line seals what was there, as the migration does
    add_note(case_id=case_id, text="新版本写的", by=SYSTEM_VIEWER, at=START)
    assert [bytes(line.hash) for line in lines(case_id)][:-1] == before
    assert verify_history().is_whole


@given(
    order=st.lists(st.tuples(st.integers(0, 2), st.sampled_from("RNC")), max_size=12),
    text=st.text(max_size=40),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_writers_leaves_whole_chains(world, order, text):
    words = {
        "R": lambda case_id: add_reply(case_id=case_id, text=f"答{text}", by=SYSTEM_VIEWER, at=START),
        "N": lambda case_id: add_note(case_id=case_id, text=f"记{text}", by=SYSTEM_VIEWER, at=START),
        "C": lambda case_id: consumer_reply(case_id=case_id, text=f"问{text}", at=START),
    }
    with transaction.atomic():
        case_ids = [opened(world, waybill_no=f"YT990000000000{n}").case_id for n in range(3)]
        for which, word in order:
            words[word](case_ids[which])
        assert verify_history().is_whole
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_that_hold_nothing_still_make_one_chain(world):
    case_id = opened(world).case_id
    insert = (
        f"INSERT INTO {TABLE} (case_id, kind, audience, text, data, author_kind, at)"
        " SELECT %s, 'NOTE', 'INTERNAL', n::text, '{}', 'SYSTEM', now() FROM generate_series(1, 5) AS n"
    )

    def write() -> None:
        try:
            for _ in range(4):
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(insert, [case_id])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checked = verify_history()
    assert checked.is_whole
    assert TimelineEntry.objects.filter(case_id=case_id, author_kind="SYSTEM", kind="NOTE").count() == 80


def test_the_command_names_the_broken_line_and_ends_with_1(world, monkeypatch):
    monkeypatch.setattr("yishi.cli.audit.installed", lambda: transaction.atomic())
    case_id = told(world)
    runner = CliRunner()
    assert runner.invoke(audit, ["verify"]).exit_code == 0
    line = lines(case_id)[1].pk
    tamper("UPDATE cases_timeline_entry SET kind = 'NOTE' WHERE id = %s", line)
    answer = runner.invoke(audit, ["verify"])
    assert answer.exit_code == 1
    assert f"line {line}\t" in answer.output
    with pytest.raises(NotFound):
        verify_history(case_no="0")
    assert HistoryHead.objects.count() == 0
