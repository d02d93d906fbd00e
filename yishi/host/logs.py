"""What the processes write to standard error: JSON lines in a file for each kind, rotated; the terminal stays
readable and shows only what somebody should look at."""

import contextlib
import json
import os
import selectors
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

_ROTATE_BYTES = 10 * 1024 * 1024
_KEPT = 3
_AGAIN_S = 60.0
_LEAVE_S = 1.0
_LONGEST = 64 * 1024


@dataclass
class LogFile:
    """`NAME.log`; when it is full it becomes `NAME.log.1`, that one `.2`, and so on."""

    path: Path
    rotate_bytes: int = _ROTATE_BYTES
    file: BinaryIO | None = None

    def write(self, line: bytes) -> None:
        if self.file is None:
            self.file = self.path.open("ab")
        if self.file.tell() + len(line) > self.rotate_bytes:
            self._rotate()
        self.file.write(line)

    def _rotate(self) -> None:
        self.close()
        for number in range(_KEPT - 1, -1, -1):
            older = self.path.with_name(f"{self.path.name}.{number}") if number else self.path
            if older.exists():
                older.replace(self.path.with_name(f"{self.path.name}.{number + 1}"))
        self.file = self.path.open("ab")

    def flush(self) -> None:
        if self.file is not None:
            self.file.flush()

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


@dataclass
class _Pipe:
    name: str
    log: LogFile
    rest: bytes = b""


@dataclass
class Logs:
    """One thread that reads what all children write. `is_quiet`: nothing more goes to the terminal."""

    folder: Path
    say: Callable[[str], None]
    is_quiet: bool = False
    _files: dict[str, LogFile] = field(default_factory=dict)
    _said: dict[str, float] = field(default_factory=dict)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _ends: list[int] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def open(self, name: str) -> int:
        """The standard error for one child of that kind, also when it is started again."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        log = self._files.setdefault(name, LogFile(self.folder / f"{name}.log"))
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._selector.register(reading, selectors.EVENT_READ, _Pipe(name, log))
        self._ends.append(writing)
        return writing

    def start(self) -> None:
        self._thread = threading.Thread(target=self._read_all, name="logs", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Call when the children have ended: what they wrote last is still read."""
        for end in self._ends:
            os.close(end)
        self._ends.clear()
        if self._thread is not None:
            self._thread.join(_LEAVE_S)
        for log in self._files.values():
            log.close()

    def _read_all(self) -> None:
        while self._selector.get_map():
            for key, _ in self._selector.select():
                self._read(key.fd, key.data)
            for log in self._files.values():
                # a full disk must not end the reading: processes would wait for room in their pipes
                with contextlib.suppress(OSError, ValueError):
                    log.flush()

    def _read(self, end: int, pipe: _Pipe) -> None:
        chunk = os.read(end, _LONGEST)
        if not chunk:
            self._selector.unregister(end)
            os.close(end)
        *lines, pipe.rest = (pipe.rest + chunk).split(b"\n")
        if pipe.rest and (not chunk or len(pipe.rest) > _LONGEST):
            lines.append(pipe.rest)
            pipe.rest = b""
        for line in lines:
            if line.strip():
                self._take(pipe, line)

    def _take(self, pipe: _Pipe, line: bytes) -> None:
        record = as_record(line)
        shown = worth_showing(pipe.name, record)
        if shown and not self.is_quiet and self._is_news(shown):
            self.say(shown)
        with contextlib.suppress(OSError, ValueError):
            pipe.log.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")

    def _is_news(self, text: str) -> bool:
        """A process that fails again and again says so once a minute."""
        now = time.monotonic()
        if now - self._said.get(text, -_AGAIN_S) < _AGAIN_S:
            return False
        self._said = {known: at for known, at in self._said.items() if now - at < _AGAIN_S}
        self._said[text] = now
        return True


def as_record(line: bytes) -> dict[str, object]:
    """The line's JSON object; words that came without one (a server's, an interpreter's) become one."""
    text = line.decode(errors="replace")
    with contextlib.suppress(ValueError):
        record = json.loads(text)
        if isinstance(record, dict):
            return record
    return {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": "PLAIN", "message": text}


def worth_showing(name: str, record: dict[str, object]) -> str:
    """What the terminal says of it: plain words as they are, errors, our own warnings; '' for the rest."""
    level, logger, message = (str(record.get(key, "")) for key in ("level", "logger", "message"))
    if level == "PLAIN":
        return message
    is_ours = logger.split(".")[0] == "yishi"
    if level in {"ERROR", "CRITICAL"} or (level == "WARNING" and is_ours):
        return f"{name}: {level} {logger}: {message}"
    return ""
