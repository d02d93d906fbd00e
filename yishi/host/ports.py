"""Ports, tested with a plain bind: granian uses SO_REUSEPORT, so two servers would share one silently."""

import contextlib
import http.client
import socket
import time

from yishi.host.errors import PortTaken


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether nobody listens there. Connections of the past (TIME_WAIT) do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind((host, port))
            return True
    return False


def demand(port: int, *, setting: str, host: str = "127.0.0.1", within_s: float = 0) -> None:
    """Raises PortTaken when the port stays taken; `within_s` lets the last run's processes leave."""
    until = time.monotonic() + within_s
    while not is_free(port, host):
        if time.monotonic() >= until:
            raise PortTaken(port=port, setting=setting)
        time.sleep(0.1)


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server answers a request there, whatever it answers."""
    client = http.client.HTTPConnection(host, port, timeout=2)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(client):
        client.request("GET", "/health/live")
        client.getresponse().read()
        return True
    return False


def pick() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
