"""The parent of all processes: database up, migrations, then web, edge and worker, all watched."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from yishi.host import commands, database, ports, release
from yishi.host import home as home_folder
from yishi.host.children import TICK_S, Child, stop_all
from yishi.host.errors import AlreadyUp, HostError, StepFailed
from yishi.host.logs import Logs

Say = Callable[[str], None]

_LEAVING_S = 6.0
_FIRST_PAGE_S = 15.0


@dataclass
class Parent:
    """`run` returns when SIGINT or SIGTERM has come and everything has stopped.

    `once` are commands that run beside them one time; `on_up` is called when pages are served and all have
    been started; `logs` takes what the processes write to standard error, without it ours does.
    """

    home: Path
    port: int
    say: Say
    host: str = "127.0.0.1"
    env: Mapping[str, str] = field(default_factory=dict)
    once: Mapping[str, list[str]] = field(default_factory=dict)
    on_up: Callable[[], None] | None = None
    logs: Logs | None = None
    server: database.Server | None = None
    children: list[Child] = field(default_factory=list)
    is_stopping: bool = False

    def run(self) -> None:
        """Raises a HostError when it cannot start (nothing stays running then)."""
        home_folder.make_home(self.home)
        with home_folder.locked(self.home / "up.lock", busy=AlreadyUp(home=self.home)):
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self._on_signal)
            with home_folder.sharing(self.home / "database.users"):
                self._run()

    def _run(self) -> None:
        try:
            self._start()
            while not self.is_stopping:
                self._watch_database()
                for child in self.children:
                    child.watch()
                time.sleep(TICK_S)
        finally:
            self._stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _start(self) -> None:
        for port, setting in ((self.port, "PORT"), (self.port + 1, "PORT")):
            ports.demand(port, setting=setting, host=self.host, within_s=_LEAVING_S)
        url = self._database()
        if not release.is_prepared(self.home, url):
            self._step("migrate", url)
        self._make_children(url)
        self._start_children()
        home_folder.write_state(
            self.home,
            pid=os.getpid(),
            web=self.env.get("YISHI_WEB_ORIGIN") or f"http://127.0.0.1:{self.port}",
            live=self.env.get("YISHI_LIVE_ORIGIN") or f"http://127.0.0.1:{self.port + 1}",
        )
        if self.on_up and not self.is_stopping:
            self.on_up()

    def _make_children(self, url: str) -> None:
        kinds = [
            *[("web", commands.web(port=self.port, host=self.host))] * commands.WEB_SERVERS,
            ("edge", commands.edge(port=self.port + 1, host=self.host)),
            ("worker", commands.yishi("worker")),
            *([("assistant", commands.yishi("assistant", "serve"))] if commands.has_vectors() else []),
            *self.once.items(),
        ]
        base = {**os.environ, **self.env, "PROMETHEUS_MULTIPROC_DIR": str(self._metrics_folder())}
        for name, command in kinds:
            env = commands.environment(process=name, database_url=url, base=base)
            errors = self.logs.open(name) if self.logs else None
            is_once = name in self.once
            self.children.append(Child(name, command, env, self.say, is_once=is_once, errors=errors))
        if self.logs:
            self.logs.start()

    def _start_children(self) -> None:
        """The first web server alone, so that pages come soon: all at once would share two cores."""
        first, *rest = self.children
        until = time.monotonic() + _FIRST_PAGE_S
        while not self.is_stopping and time.monotonic() < until:
            first.watch()
            if ports.answers(self.port, self.host):
                break
            time.sleep(TICK_S)
        for child in rest:
            if not self.is_stopping:
                child.start()

    def _metrics_folder(self) -> Path:
        """Where the web processes count together; what an earlier run counted goes."""
        folder = self.home / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def _database(self) -> str:
        external = os.environ.get("DATABASE_URL")
        if external:
            database.check_external(external)
            return external
        self.server = database.ensure_running(self.home, say=self.say)
        return self.server.url

    def _step(self, name: str, url: str) -> None:
        """A command that must succeed before the processes start."""
        if self.is_stopping:
            return
        env = commands.environment(process="cli", database_url=url, base={**os.environ, **self.env})
        if subprocess.run(commands.yishi(name), env=env, check=False).returncode and not self.is_stopping:
            raise StepFailed(step=name)

    def _watch_database(self) -> None:
        """A killed embedded server is started again at the same address; the children reconnect."""
        if self.server is None or self.server.is_alive():
            return
        self.say("database ended, starting it again")
        try:
            self.server = database.ensure_running(self.home)
        except HostError as error:
            self.say(str(error))
            time.sleep(1.0)

    def _stop(self) -> None:
        """Children first, then the database we started."""
        if self.logs:
            self.logs.is_quiet = True
        stop_all(self.children)
        if self.logs:
            self.logs.close()
        if self.server is not None:
            self.server.stop()
        home_folder.write_state(self.home, pid=None)
