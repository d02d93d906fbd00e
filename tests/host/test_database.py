"""The embedded server: first start, reuse, kill -9, stop, and every message of a start that cannot be."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import psycopg
import pytest

from tests.host.conftest import SMALL
from yishi.host import cluster, database, layout
from yishi.host import home as home_folder
from yishi.host.errors import (
    DatabaseUnreachable,
    DiskFull,
    NoBinaries,
    NotWritable,
    PortTaken,
    ServerTooOld,
    StartFailed,
    WrongVersion,
)


def ask(url, query):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


def test_first_start_makes_the_database(home, server):
    assert ask(server.url, "SELECT current_database()") == "yishi"
    assert ask(server.url, "SHOW data_checksums") == "on"
    assert ask(server.url, "SHOW server_encoding") == "UTF8"
    assert ask(server.url, "SHOW fsync") == "on"
    assert home_folder.read_state(home)["database_url"] == server.url


def test_chinese_words_have_trigrams(server):
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        assert connection.execute("SELECT similarity('快递丢失了', '快递丢失')").fetchone()[0] > 0.5


def test_private_files_are_private(home, server):
    for name in ("run.json", "database-password"):
        assert (home / name).stat().st_mode & 0o777 == 0o600


def test_listens_on_loopback_only(server):
    addresses = {c.laddr.ip for c in server.process.net_connections("inet") if c.status == "LISTEN"}
    assert addresses == {"127.0.0.1"}


def test_wants_the_password(server):
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url.replace("yishi:", "yishi:x", 1))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_as_root_another_user_runs_it(server):
    assert server.process.uids().effective == layout.server_account().uid != 0


def test_a_running_one_is_reused(home, server):
    again = database.ensure_running(home)
    assert (again.url, again.is_ours) == (server.url, False)
    assert again.process.pid == server.process.pid


def test_restart_after_kill_keeps_what_was_committed(home, server):
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    server.process.kill()
    server.child.wait()
    again = database.ensure_running(home, settings=SMALL)
    assert again.url == server.url
    assert ask(again.url, "SELECT n FROM kept") == 7
    again.stop()


def test_stale_pid_of_another_program_is_no_hindrance(home, server):
    file = server.layout.data / "postmaster.pid"
    server.process.kill()
    server.child.wait()
    lines = file.read_text().splitlines()
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    again = database.ensure_running(home, settings=SMALL)
    assert again.is_alive()
    again.stop()


def test_stop_leaves_nothing(home, server):
    server.stop()
    assert not server.is_alive()
    assert not (server.layout.data / "postmaster.pid").exists()
    assert "database_pid" not in home_folder.read_state(home)


def test_dies_with_who_started_it(home):
    code = (
        "import sys, time; from pathlib import Path; from yishi.host import database;"
        f"print(database.ensure_running(Path({str(home)!r})).process.pid, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(starter.stdout.readline())
    starter.kill()
    psutil.wait_procs([psutil.Process(pid)], timeout=10)
    assert not psutil.pid_exists(pid)


def test_last_of_two_commands_stops_it(home):
    with database.running(home) as url:
        with database.running(home) as same:
            assert same == url
        assert ask(url, "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_port_taken(home, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("YISHI_PG_PORT", str(port))
        with pytest.raises(PortTaken, match=f"{port}.*YISHI_PG_PORT"):
            database.ensure_running(home)


def test_own_port_lost_to_another_program_is_replaced(home, server):
    port = server.process.net_connections("inet")[0].laddr.port
    server.stop()
    with socket.socket() as other:
        # the connections of the server that went still hold the port for a minute
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        again = database.ensure_running(home, settings=SMALL)
    assert f":{port}/" not in again.url
    again.stop()


def test_chosen_port(home, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("YISHI_PG_PORT", str(port))
    server = database.ensure_running(home, settings=SMALL)
    assert f":{port}/" in server.url
    server.stop()


def test_not_writable(home):
    home.parent.joinpath("file").touch()
    with pytest.raises(NotWritable, match="YISHI_HOME"):
        database.ensure_running(home.parent / "file" / "home")


@pytest.mark.skipif(os.geteuid() != 0, reason="must become another user")
def test_not_writable_for_another_user(home):
    home.mkdir()
    child = os.fork()
    if child == 0:  # forked, because another user may not reach this Python's files
        os.setuid(65534)
        try:
            database.ensure_running(home)
        except NotWritable:
            os._exit(7)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_wrong_version_changes_nothing(home, server):
    server.stop()
    version_file = server.layout.data / "PG_VERSION"
    version_file.write_text("12\n")
    with pytest.raises(WrongVersion, match=r"12.*YISHI_PG_BIN"):
        database.ensure_running(home)
    assert version_file.read_text() == "12\n"


def test_hardly_any_disk_left(home, monkeypatch):
    usage = type("Usage", (), {"free": 10 * 1024 * 1024})
    monkeypatch.setattr(cluster.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(DiskFull, match=str(home)):
        database.ensure_running(home)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ('PANIC:  could not write to file "pg_wal/x": No space left on device', DiskFull),
        ("FATAL:  could not write lock file: Disk quota exceeded", DiskFull),
        ('FATAL:  could not open file "global/pg_control": Permission denied', NotWritable),
        ("initdb: error: could not create directory: Read-only file system", NotWritable),
        ("FATAL:  something else", StartFailed),
    ],
)
def test_words_of_postgresql_become_ours(home, output, expected):
    home.mkdir()
    assert type(cluster.what_failed(layout.prepare(home), output)) is expected


def test_no_binaries(home, monkeypatch, tmp_path):
    monkeypatch.setenv("YISHI_PG_BIN", str(tmp_path))
    with pytest.raises(NoBinaries, match="YISHI_PG_BIN"):
        database.ensure_running(home)


def test_folder_can_be_chosen(home, monkeypatch):
    monkeypatch.setenv("YISHI_PG_FOLDER", str(home.parent / "elsewhere"))
    server = database.ensure_running(home, settings=SMALL)
    assert server.layout.data == home.parent / "elsewhere/cluster/data"
    server.stop()


def test_long_path_has_no_socket(home):
    account = layout.server_account()
    long = layout.Layout(home, home / ("x" * 90), home, account)
    assert long.socket_folder is None
    assert layout.Layout(home, home, home, account).socket_folder is not None


def test_programs_out_of_reach_are_copied_and_run(home):
    home.mkdir()
    programs = layout._copy(layout._wheel_folder(), home / "programs")
    found = layout.Layout(home, home, programs, layout.server_account())
    assert cluster.program_version(found) == 18
    assert cluster.run(found, "psql", "--version").returncode == 0


def test_closed_home_puts_the_server_into_the_open(home, monkeypatch):
    home.mkdir(mode=0o700)
    stranger = layout.Account("stranger", 54321, 54321, is_self=False)
    place = layout.place_of(home, stranger)
    assert str(place).startswith("/var/tmp/yishi-")
    home.chmod(0o755)
    assert layout.place_of(home, stranger) == home / "database"


def test_external_server_unreachable():
    with pytest.raises(DatabaseUnreachable, match=r"127\.0\.0\.1:1/none") as caught:
        database.check_external("postgresql://u:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)


def test_external_server_too_old(server, monkeypatch):
    monkeypatch.setattr(database, "LEAST_VERSION", 99)
    with pytest.raises(ServerTooOld, match="99"):
        database.check_external(server.url)


def test_log_holds_no_values(server):
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE phones (phone text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO phones VALUES ('19900000001')")
            except psycopg.errors.UniqueViolation:
                time.sleep(0.1)
    assert "19900000001" not in server.layout.log.read_text()


def test_sigint_to_the_terminal_does_not_reach_it(server):
    assert os.getsid(server.process.pid) != os.getsid(0)
    assert signal.getsignal(signal.SIGINT) is not None
