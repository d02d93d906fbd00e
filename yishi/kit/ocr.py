"""Printed text in a photo, read by a process of its own: a JPEG into its Unix socket, lines of text out.

It takes seconds and half a gigabyte, so it is started when the first photo needs it, reads one after the
other, and ends by itself when nobody asked for some minutes; no web process imports it, and a photo that
breaks it breaks nothing else. Which program, `YISHI_OCR_COMMAND` says (the socket's path is its last
argument); unset it is ours, where the extra `ai` is installed. docs/decisions/0008 tells why.
"""

import fcntl
import importlib.util
import logging
import shlex
import socket
import subprocess
import sys
import threading
import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)

START_S, READ_S = 8.0, 6.0
_STEP_S = 0.05
_LONGEST = 64_000
# one thread of a web process at most waits here; the others go on serving pages
_waiting = threading.BoundedSemaphore(1)
# what this process started, and when: one that is still loading is waited for, not started again
_started: "list[tuple[subprocess.Popen[bytes], float]]" = []
_LOADING_S = 60.0


class OcrAway(Exception):
    """No text could be read: `reason` is NOT_INSTALLED, BUSY or FAILED."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@lru_cache
def ocr_command() -> tuple[str, ...]:
    """The program that reads, or () where there is none."""
    if settings.ENVIRONMENT.ocr_command:
        return tuple(shlex.split(settings.ENVIRONMENT.ocr_command))
    if importlib.util.find_spec("rapidocr") and importlib.util.find_spec("onnxruntime"):
        return (sys.executable, "-m", "yishi.plugins.models.rapidocr.read")
    return ()


def text_of(picture: bytes) -> str:
    """The lines of text in a photo. Raises OcrAway, after `START_S` + `READ_S` at the latest."""
    command, path = ocr_command(), settings.ENVIRONMENT.home / "ocr.sock"
    if not command:
        raise OcrAway("NOT_INSTALLED")
    if not _waiting.acquire(blocking=False):
        raise OcrAway("BUSY")
    try:
        with _reached(path) or _start(command, path) as line:
            return _ask(line, picture)
    except OSError as error:
        # never what it wrote: that may be what stands on somebody's label
        log.warning("label reader failed", extra={"reason": type(error).__name__})
        raise OcrAway("FAILED") from None
    finally:
        _waiting.release()


def _ask(line: socket.socket, picture: bytes) -> str:
    until = time.monotonic() + READ_S
    line.settimeout(READ_S)
    line.sendall(picture)
    line.shutdown(socket.SHUT_WR)
    said = bytearray()
    while len(said) < _LONGEST:
        line.settimeout(max(0.01, until - time.monotonic()))
        part = line.recv(8192)
        if not part:
            break
        said += part
    return said.decode(errors="replace")


def _reached(path: Path) -> socket.socket | None:
    """A line to the process, or None when nobody listens."""
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(READ_S)
    try:
        line.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError):
        line.close()
        return None
    return line


def _start(command: tuple[str, ...], path: Path) -> socket.socket:
    """Starts the process, once however many ask at a time, and waits until it listens. Raises OSError."""
    until = time.monotonic() + START_S
    with path.with_suffix(".lock").open("a") as lock:
        while not _taken(lock.fileno()):
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(_STEP_S)
        line = _reached(path)
        reader = _loading(command, path) if line is None else None
        while line is None:
            if time.monotonic() > until or (reader and reader.poll() is not None):
                raise TimeoutError
            time.sleep(_STEP_S)
            line = _reached(path)
        return line


def _loading(command: tuple[str, ...], path: Path) -> "subprocess.Popen[bytes]":
    """The process that will listen soon: the one that somebody gave up waiting for, else a new one."""
    for process, began in list(_started):
        if process.poll() is None and time.monotonic() - began < _LOADING_S:
            return process
        process.kill()
        process.wait()
        _started.remove((process, began))
    nothing = subprocess.DEVNULL
    process = subprocess.Popen([*command, str(path)], stdin=nothing, stdout=nothing, stderr=nothing)
    _started.append((process, time.monotonic()))
    return process


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
