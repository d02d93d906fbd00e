"""The virus-scan port: clamd on a socket, or a command; files wait, and what is infected is never given out.

`YISHI_SCAN_URL` says which: `tcp://127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl` (clamd, INSTREAM), or
`command:clamscan --no-summary -` (the file on standard input; exit 0 clean, 1 infected). Empty: no scanner.
"""

import contextlib
import logging
import shlex
import socket
import struct
import subprocess
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from yishi.kit.facts import Fact, announce
from yishi.kit.files import bytes_as_given
from yishi.kit.models import ScanState, StoredFile

log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_TIMEOUT_S = 30.0
# a worker that dies gives the file back after this; a scanner that is away is asked again as late
_AGAIN = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class FileQuarantined(Fact):
    """A scanner found something in a file: it is never given out any more. `found` is the scanner's word."""

    file_id: uuid.UUID
    found: str


class ScannerAway(Exception):
    """The scanner gave no verdict; the file waits and is scanned again."""


class Scanner(Protocol):
    """What looks into a file."""

    def scan(self, body: bytes) -> str:
        """The name of what was found, '' for a clean file. Raises ScannerAway."""
        ...


@dataclass(frozen=True)
class Clamd:
    """clamd's INSTREAM: pieces, each after its length in four bytes, one of length nought, its answer."""

    address: tuple[str, int] | str

    def scan(self, body: bytes) -> str:
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        try:
            with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as line:
                line.settimeout(_TIMEOUT_S)
                line.connect(self.address)
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(body), _CHUNK):
                    piece = body[start : start + _CHUNK]
                    line.sendall(struct.pack("!I", len(piece)) + piece)
                line.sendall(struct.pack("!I", 0))
                answer = _read_line(line)
        except OSError as error:
            raise ScannerAway(type(error).__name__) from error
        return _verdict(answer)


def _read_line(line: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < 4096:
        part = line.recv(4096)
        if not part:
            break
        said += part
    return said.partition(b"\0")[0].decode(errors="replace").strip()


def _verdict(answer: str) -> str:
    """`stream: OK` or `stream: NAME FOUND`; anything else is no verdict."""
    said = answer.partition(": ")[2]
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerAway(answer[:200] or "no answer")


@dataclass(frozen=True)
class Command:
    """A program that reads the file from standard input; its exit status is the verdict."""

    words: tuple[str, ...]

    def scan(self, body: bytes) -> str:
        try:
            done = subprocess.run(self.words, input=body, capture_output=True, timeout=120, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ScannerAway(type(error).__name__) from error
        if done.returncode not in (0, 1):
            raise ScannerAway(f"exit status {done.returncode}")
        return "" if done.returncode == 0 else _last_line(done.stdout) or "infected"


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").split("\n")
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")


def scanner_at(url: str) -> Scanner | None:
    """The scanner that an address names; None for an empty one. ValueError for what is no such address."""
    if not url:
        return None
    kind, _, rest = url.partition(":")
    if kind == "command" and shlex.split(rest):
        return Command(tuple(shlex.split(rest)))
    if kind == "unix" and rest.startswith("/"):
        return Clamd(rest)
    parts = urlsplit(url)
    if kind == "tcp" and parts.hostname and parts.port:
        return Clamd((parts.hostname, parts.port))
    raise ValueError(url)


def sweep_unscanned(*, at: datetime, limit: int = 20) -> int:
    """Scans files that wait; each is claimed for a moment, scanned outside any transaction, then noted.

    A scanner that is away leaves the rest waiting; where none is set up any more, what waits is let go.
    """
    scanner = scanner_at(settings.ENVIRONMENT.scan_url)
    scanned = 0
    while scanned < limit and (file := _claim(at)) is not None:
        try:
            found = scanner.scan(bytes_as_given(file)) if scanner else None
        except ScannerAway as away:
            log.warning("file not scanned", extra={"why": str(away)})
            break
        except FileNotFoundError:
            found = ""  # its bytes are gone: there is nothing to give out
        _note(file, found, at)
        scanned += 1
    return scanned


@transaction.atomic
def _claim(at: datetime) -> StoredFile | None:
    due = StoredFile.objects.filter(scan_due_at__lte=at).order_by("scan_due_at")
    file = due.select_for_update(skip_locked=True).first()
    if file is not None:
        StoredFile.objects.filter(pk=file.pk).update(scan_due_at=at + _AGAIN)
    return file


@transaction.atomic
def _note(file: StoredFile, found: str | None, at: datetime) -> None:
    state = ScanState.NOT_SCANNED if found is None else ScanState.INFECTED if found else ScanState.CLEAN
    StoredFile.objects.filter(pk=file.pk).update(
        scan_state=state, scan_said=(found or "")[:200], scan_due_at=None
    )
    if found:
        announce(FileQuarantined(file_id=file.pk, found=found[:200], at=at))
