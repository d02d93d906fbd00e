"""The command line: what stands on which line and stream, and how failures read."""

import json
import os
import signal
import subprocess
import sys

import pytest


def yishi(*arguments, **env):
    return subprocess.run(
        [sys.executable, "-m", "yishi.cli.main", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "YISHI_PROCESS": "cli", **env},
    )


def test_help_names_every_command():
    text = yishi("--help").stdout
    for name in ("up", "web", "edge", "worker", "demo", "migrate", "feed", "key", "user", "sweep", "flow"):
        assert f"\n  {name} " in text


def test_unknown_command():
    assert yishi("fly").returncode == 2


def test_flow_prints_facts_and_periodic_work():
    done = yishi("flow")
    assert done.returncode == 0, done.stderr
    assert "yishi.sla.jobs.sweep_due_clocks" in done.stdout
    assert "retention" in done.stdout


def test_an_unreachable_database_is_one_sentence():
    done = yishi("migrate", DATABASE_URL="postgresql://u:secret@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr and "secret" not in done.stderr


def test_sweep_is_for_demos_only(tmp_path):
    done = yishi("sweep", "--at", "2026-11-22T18:00:00+08:00", YISHI_HOME=str(tmp_path), YISHI_DEMO="0")
    assert done.returncode == 1
    assert "YISHI_DEMO" in done.stderr


@pytest.mark.parametrize("time", ["yesterday", "2026-11-22T18:00:00"])
def test_sweep_needs_a_whole_time(time):
    assert yishi("sweep", "--at", time, YISHI_DEMO="1").returncode == 2


def test_fresh_does_not_wipe_a_strangers_folder(tmp_path):
    (tmp_path / "diary.txt").write_text("mine")
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "yishi.cli.main", "demo"],
        capture_output=True,
        text=True,
        env={**env, "YISHI_HOME": str(tmp_path), "FRESH": "1"},
    )
    assert done.returncode == 1
    assert str(tmp_path) in done.stderr
    assert (tmp_path / "diary.txt").read_text() == "mine"


@pytest.fixture
def test_database(transactional_db, settings):
    """The address of the test database, for commands in processes of their own."""
    name = settings.DATABASES["default"]["NAME"]
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return {"DATABASE_URL": f"{base}/{name}"}


def test_key_is_the_last_line(test_database):
    done = yishi("key", "add", "--role", "integrator", **test_database)
    assert done.returncode == 0, done.stderr
    (key,) = done.stdout.splitlines()
    assert key.startswith("yk_") and len(key) == 46


def test_a_refusal_is_its_sentence(test_database):
    done = yishi("key", "add", "--role", "agent", **test_database)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT])
def test_worker_stops_in_time(test_database, way):
    worker = subprocess.Popen(
        [sys.executable, "-m", "yishi.cli.main", "worker"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **test_database, "YISHI_PROCESS": "worker"},
    )
    try:
        assert any("worker started" in line for line in worker.stderr)
        worker.send_signal(way)
        assert worker.wait(10) == 0
        assert "worker stopped" in worker.stderr.read()
    finally:
        worker.kill()  # one that stays would do other tests' work


def test_feed_path_is_the_last_line_and_import_counts(test_database, tmp_path):
    done = yishi("feed", "add", "--source", "kuaidi100", "--salt", "s", **test_database)
    assert done.stdout.splitlines()[-1].startswith("/feeds/kuaidi100/"), done.stderr
    event = {"waybill_no": "YT1000000001", "kind": "accepted", "happened_at": "2026-11-20T10:00:00+08:00"}
    file = tmp_path / "events.ndjson"
    file.write_text("\n".join([json.dumps(event), json.dumps(event), "not json"]))
    done = yishi("feed", "import", str(file), "--source", "generic", **test_database)
    assert done.stdout.split("\n")[:3] == ["accepted 1", "duplicate 1", "rejected 1"], done.stderr


def test_feed_settings_are_those_of_the_format(test_database):
    listed = yishi("feed", "formats", **test_database).stdout.splitlines()
    assert "sf\t顺丰速运\tcheck_word*" in listed
    added = yishi(
        "feed", "add", "--source", "sf-nj", "--plugin", "sf", "--set", "check_word=x", **test_database
    )
    assert added.stdout.splitlines()[-1].startswith("/feeds/sf-nj/"), added.stderr


@pytest.mark.parametrize("said", ["checkword=x", "check_word"])
def test_a_misspelt_setting_is_refused(test_database, said):
    done = yishi("feed", "add", "--source", "sf", "--set", said, **test_database)
    assert (done.returncode, done.stdout) == (2, "")
    assert "check_word" in done.stderr


def test_a_file_of_head_office_is_known_by_its_header(test_database, tmp_path):
    """The generic format cannot read this table; what it says is kept all the same, and once only."""
    file = tmp_path / "考核.csv"
    good, lost = "YT7712000000001,虚签,¥50.00,2026-11-21", "7.7E+14,虚签,50,2026-11-21"
    lines = ["运单号,考核类型,考核金额,考核时间", good, lost]
    file.write_text("\n".join(lines), encoding="gb18030")
    for told in (["accepted 1", "duplicate 0", "rejected 1"], ["accepted 0", "duplicate 1", "rejected 1"]):
        done = yishi("feed", "import", str(file), "--source", "hq", **test_database)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-3:] == told
