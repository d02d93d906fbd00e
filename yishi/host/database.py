"""The supervisor of the embedded PostgreSQL: first start, reuse, restart after kill -9, stop."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urlsplit

import psutil
import psycopg

from yishi.host import cluster, ports
from yishi.host import home as home_folder
from yishi.host import layout as layouts
from yishi.host.errors import DatabaseUnreachable, HostError, PortTaken, ServerTooOld, StartFailed
from yishi.host.layout import Layout

LEAST_VERSION = 15
DATABASE = "yishi"
_TRIES = 12
_START_S = 60
_STOP_S = 30
_LOG_BYTES = 10 * 1024 * 1024

Say = Callable[[str], None]

SETTINGS: Mapping[str, str] = {
    "shared_buffers": "128MB",
    "max_connections": "100",
    "fsync": "on",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",  # our statements are short; compiling costs more than it saves
    "listen_addresses": "127.0.0.1",
    "lc_messages": "C",
    # neither statements nor the values of broken rules reach the log: they may hold personal data
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass
class Server:
    """A running embedded server. `is_ours`: started by this process, which therefore stops it."""

    layout: Layout
    url: str
    process: psutil.Process
    child: subprocess.Popen[bytes] | None = None

    @property
    def is_ours(self) -> bool:
        return self.child is not None

    def is_alive(self) -> bool:
        if self.child is not None:
            return self.child.poll() is None
        return self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE

    def stop(self) -> None:
        """Fast shutdown (sessions are ended, everything acknowledged is on disk); after 30 s immediate."""
        for way in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(psutil.NoSuchProcess):
                self.process.send_signal(way)
            if self._is_gone_within(_STOP_S):
                break
        home_folder.write_state(self.layout.home, database_pid=None)

    def _is_gone_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True


def ensure_running(
    home: Path,
    *,
    settings: Mapping[str, str] | None = None,
    say: Say | None = None,
    follows_us: bool = True,
) -> Server:
    """The embedded server of this home: the running one, else started now; the database exists.

    Writes `run.json`. `follows_us`: a server that is started now also stops when we are killed.
    Raises a HostError whose text tells the fix.
    """
    home = home.resolve()
    home_folder.make_home(home)
    with home_folder.locked(home / "database.lock"):
        layout = layouts.prepare(home)
        cluster.demand_cluster(layout)
        server = _reuse(layout) or _start(layout, {**SETTINGS, **(settings or {})}, follows_us)
        home_folder.write_state(
            home,
            database_url=server.url,
            database_pid=server.process.pid,
            database_port=urlsplit(server.url).port,
            database_folder=str(layout.place),
        )
    if say and server.is_ours:
        say(f"PostgreSQL: {layout.place}" + ("" if layout.account.is_self else f" ({layout.account.name})"))
    return server


@contextlib.contextmanager
def running(
    home: Path, *, settings: Mapping[str, str] | None = None, say: Say | None = None
) -> Iterator[str]:
    """The address of a usable database while a command runs: DATABASE_URL, else the embedded server.

    The last of the commands that use an embedded server together stops it.
    """
    external = os.environ.get("DATABASE_URL")
    if external:
        check_external(external)
        yield external
        return
    home_folder.make_home(home)
    with home_folder.sharing(home / "database.users") as users:
        server = ensure_running(home, settings=settings, say=say, follows_us=False)
        try:
            yield server.url
        finally:
            if users.is_last():
                server.stop()


def check_external(url: str) -> None:
    """Raises DatabaseUnreachable or ServerTooOld when the server of DATABASE_URL cannot carry us."""
    parts = urlsplit(url)
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            found = connection.info.server_version // 10_000
    except psycopg.Error as error:
        address = f"{parts.hostname or ''}:{parts.port or 5432}{parts.path}"
        raise DatabaseUnreachable(address=address, reason=type(error).__name__) from error
    if found < LEAST_VERSION:
        raise ServerTooOld(found=found, least=LEAST_VERSION)


def _reuse(layout: Layout) -> Server | None:
    """The server that runs already, waiting while it starts; None when it is gone or just leaving."""
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        found = cluster.running_server(layout)
        if found is None:
            return None
        process, port = found
        if _answers(layout, port):
            return Server(layout, _url(layout, port), process)
        time.sleep(0.1)
    raise StartFailed(log=layout.log, tail="")


def _start(layout: Layout, settings: Mapping[str, str], follows_us: bool) -> Server:
    """Starts the server; tries again while the memory of one that was killed is still in use."""
    port = _choose_port(layout.home)
    folder = layout.socket_folder
    settings = {**settings, "port": str(port), "unix_socket_directories": str(folder) if folder else ""}
    failure: HostError | None = None
    for attempt in range(_TRIES):
        time.sleep(min(attempt * 0.2, 1.0))
        with _open_log(layout) as log:
            before = log.tell()
            child = cluster.spawn(layout, settings=settings, log=log, follows_us=follows_us)
        if _becomes_ready(layout, child, port):
            return Server(layout, _url(layout, port), psutil.Process(child.pid), child)
        with layout.log.open("rb") as log:
            log.seek(before)
            output = log.read().decode(errors="replace")
        if "Address already in use" in output:
            raise PortTaken(port=port, setting="YISHI_PG_PORT")
        failure = cluster.what_failed(layout, output)
        if "still in use" not in output and "already exists" not in output:
            break
    raise failure or StartFailed(log=layout.log, tail="")


def _open_log(layout: Layout) -> BinaryIO:
    if layout.log.exists() and layout.log.stat().st_size > _LOG_BYTES:
        layout.log.replace(layout.log.with_suffix(".log.1"))
    log = layout.log.open("ab")
    log.seek(0, os.SEEK_END)
    return log


def _becomes_ready(layout: Layout, child: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and child.poll() is None:
        if _answers(layout, port):
            return True
        time.sleep(0.05)
    if child.poll() is None:
        child.kill()
        child.wait()
    return False


def _answers(layout: Layout, port: int) -> bool:
    """Whether our server takes connections; makes the database when it is not there yet."""
    file = layout.data / "postmaster.pid"
    with contextlib.suppress(OSError, IndexError, psycopg.OperationalError):
        if file.read_text().splitlines()[7].strip() != "ready":
            return False
        address = _url(layout, port, "postgres")
        with psycopg.connect(address, connect_timeout=5, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
        return True
    return False


def _choose_port(home: Path) -> int:
    """YISHI_PG_PORT, which must be free; else the port of the last time, or a new one where that is taken."""
    wanted = os.environ.get("YISHI_PG_PORT")
    if wanted:
        ports.demand(int(wanted), setting="YISHI_PG_PORT")
        return int(wanted)
    kept = home_folder.read_state(home).get("database_port")
    return kept if isinstance(kept, int) and ports.is_free(kept) else ports.pick()


def _url(layout: Layout, port: int, name: str = DATABASE) -> str:
    return f"postgresql://{cluster.USER}:{quote(cluster.password_of(layout.home))}@127.0.0.1:{port}/{name}"
