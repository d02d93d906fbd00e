"""The parent: starts all, restarts what is killed, leaves nothing behind however it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import psutil
import psycopg
import pytest

from yishi.host import home as home_folder
from yishi.host import ports
from yishi.host.children import delay_after
from yishi.host.errors import PortTaken


def free_pair():
    while True:
        port = ports.pick()
        if ports.is_free(port + 1):
            return port


def wait_until(true, seconds=15):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


class Running:
    """A parent in a process of its own and what it says."""

    def __init__(self, home, port, **env):
        self.home, self.port = home, port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.host.stand_in", str(home), str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **env},
        )

    def until(self, word):
        for line in self.process.stdout:
            if word in line:
                return line
        raise AssertionError(f"it ended without saying {word}")

    def up(self):
        self.pids = {name: int(pid) for name, pid in re.findall(r"(\w+)=(\d+)", self.until("up web="))}
        wait_until(lambda: answers(self.port) and answers(self.port + 1))
        return self

    def database_pid(self):
        return home_folder.read_state(self.home)["database_pid"]

    def everything(self):
        return [*self.pids.values(), self.database_pid()]


@pytest.fixture
def parent(home):
    running = Running(home, free_pair())
    yield running.up()
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(20)


def gone(pids):
    return not [pid for pid in pids if psutil.pid_exists(pid)]


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_stops_cleanly(parent, way):
    pids = parent.everything()
    parent.process.send_signal(way)
    assert parent.process.wait(20) == 0
    assert gone(pids)
    assert "pid" not in home_folder.read_state(parent.home)


def test_nothing_outlives_a_killed_parent(parent):
    pids = parent.everything()
    parent.process.kill()
    wait_until(lambda: gone(pids))


def test_restarts_a_killed_child(parent):
    os.kill(parent.pids["web"], signal.SIGKILL)
    parent.until("web ended")
    wait_until(lambda: answers(parent.port), seconds=3)


def test_restarts_a_killed_database_at_the_same_address(parent):
    url, pid = home_folder.read_state(parent.home)["database_url"], parent.database_pid()
    os.kill(pid, signal.SIGKILL)
    parent.until("database ended")
    wait_until(lambda: parent.database_pid() != pid)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_once_means_once(parent):
    time.sleep(0.5)
    parent.process.terminate()
    assert parent.process.stdout.read().count("sampled") == 1


def test_two_parents_cannot_run(parent):
    second = Running(parent.home, free_pair())
    assert second.process.wait(20) == 1
    assert "已经在运行" in second.process.stdout.read()
    assert answers(parent.port)


def test_run_json_tells_the_addresses(parent):
    state = home_folder.read_state(parent.home)
    assert state["web"] == f"http://127.0.0.1:{parent.port}"
    assert state["live"] == f"http://127.0.0.1:{parent.port + 1}"
    assert state["pid"] == parent.process.pid


def test_failed_migration_leaves_nothing_running(home):
    running = Running(home, free_pair(), MIGRATE_ENDS="3")
    assert running.process.wait(30) == 1
    assert "migrate" in running.process.stdout.read()
    assert "database_pid" not in home_folder.read_state(home)


def test_port_in_use_is_said():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken, match="PORT"):
            ports.demand(other.getsockname()[1], setting="PORT")


@pytest.mark.parametrize(("lives", "delay"), [(0, 0.0), (1, 0.5), (2, 1.0), (3, 2.0), (4, 5.0), (99, 5.0)])
def test_back_off_is_short_and_bounded(lives, delay):
    assert delay_after(lives) == delay
