"""A whole installation of its own: `yishi up` in a scratch home, its own ports, its own PostgreSQL."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil
import psycopg

from yishi.host import commands, ports

_START_S = 60


class Installation:
    """Started by `start()`, always ended by `end()`, which leaves no process and no file behind."""

    def __init__(self, **env):
        self.folder = Path(tempfile.mkdtemp(prefix="yishi-faults-", dir="/var/tmp"))
        self.folder.chmod(0o755)  # the database's user must reach it
        self.home = self.folder / "home"
        self.port = _two_ports()
        self.web, self.edge = (f"http://127.0.0.1:{port}" for port in (self.port, self.port + 1))
        ours = {"PORT": str(self.port), "YISHI_HOME": str(self.home), **env}
        dropped = {"DATABASE_URL", "YISHI_PROCESS", "YISHI_TEST_HOME", "YISHI_DEMO"}
        self.env = {name: value for name, value in os.environ.items() if name not in dropped} | ours
        self.up = None

    def start(self):
        with (self.folder / "up.log").open("w") as log:
            self.up = subprocess.Popen(
                [sys.executable, "-m", "yishi.cli.main", "up"],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_ready(_START_S)

    def wait_ready(self, seconds):
        """Until web and edge both answer; how long it took."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            with contextlib.suppress(httpx.HTTPError):
                ready = httpx.get(f"{self.web}/health/ready", timeout=2).status_code
                if ready == 200 and httpx.get(f"{self.edge}/health/live", timeout=2).status_code == 200:
                    return time.monotonic() - begin
            assert self.up.poll() is None, self.log()
            time.sleep(0.1)
        raise AssertionError(f"not ready after {seconds} s:\n{self.log()}")

    def wait_whole(self, seconds):
        """Until everything that was killed has its successor: servers listen, the database answers."""
        until = time.monotonic() + seconds
        wanted = [commands.WEB_SERVERS, 1]
        while [len(_listeners(port)) for port in (self.port, self.port + 1)] != wanted:
            assert time.monotonic() < until, f"not whole after {seconds} s:\n{self.log()}"
            time.sleep(0.1)
        self.wait_ready(seconds)

    def log(self):
        return (self.folder / "up.log").read_text()[-6000:]

    def yishi(self, *arguments):
        """A command's last line of standard output."""
        command = [sys.executable, "-m", "yishi.cli.main", *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-1]

    def query(self, sql, *values):
        """All rows, from a database that may just be coming up again."""
        until = time.monotonic() + _START_S
        while True:
            try:
                url = json.loads((self.home / "run.json").read_text())["database_url"]
                with psycopg.connect(url, autocommit=True) as connection:
                    return connection.execute(sql, values or None).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def count(self, sql, *values):
        return self.query(sql, *values)[0][0]

    def victim(self, kind):
        """The process of that kind that does the work: of a server, the one that serves."""
        if kind == "database":
            return psutil.Process(
                self.query("SELECT min(pid) FROM pg_stat_activity WHERE datname IS NULL")[0][0]
            ).parent()
        of_kind = [p for p in psutil.Process(self.up.pid).children() if _kind(p) == kind]
        # the oldest, so that each of a pair has its turn
        server = min(of_kind, key=lambda p: p.create_time())
        serving = [p for p in server.children() if "resource_tracker" not in " ".join(p.cmdline())]
        return serving[-1] if serving else server

    def kill(self, kind):
        """kill -9, and nothing else."""
        victim = self.victim(kind)
        victim.send_signal(signal.SIGKILL)
        return victim.pid

    def end(self):
        processes = []
        if self.up is not None:
            with contextlib.suppress(psutil.Error):
                processes = psutil.Process(self.up.pid).children(recursive=True)
            self.up.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.up.wait(30)
            self.up.kill()
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()
        for folder in (self._database_folder(), self.folder):
            shutil.rmtree(folder, ignore_errors=True)

    def _database_folder(self):
        """It lies elsewhere when the database's user cannot reach the home."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            return json.loads((self.home / "run.json").read_text())["database_folder"]
        return self.home / "database"


def _listeners(port):
    """Which processes serve a port; a web port has several."""
    tcp = psutil.net_connections("tcp")
    return {c.pid for c in tcp if c.status == psutil.CONN_LISTEN and c.laddr.port == port and c.pid}


def _kind(process):
    with contextlib.suppress(psutil.Error):
        return process.environ().get("YISHI_PROCESS", "")
    return ""


def _two_ports():
    """A port that is free, with a free one above it."""
    while True:
        port = ports.pick()
        if port < 65_000 and ports.is_free(port + 1):
            return port
