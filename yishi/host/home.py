"""The installation's folder: its mark, its state in `run.json`, its locks."""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from yishi.host.errors import HostError, NotOurs, NotWritable

_MARK = ".yishi-home"


def make_home(home: Path) -> None:
    """The folder, marked as ours, writable. Raises NotWritable."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / _MARK).touch()
    except OSError as error:
        raise NotWritable(folder=home, setting="YISHI_HOME") from error


def wipe_home(home: Path, *also: Path) -> None:
    """Starts over: removes what the home holds and the folders that belong to it elsewhere.

    Only a folder that carries our mark is emptied (an absent or empty one needs nothing): NotOurs.
    """
    if not home.exists() or not any(home.iterdir()):
        return
    if not (home / _MARK).exists():
        raise NotOurs(home=home)
    for folder in also:
        shutil.rmtree(folder, ignore_errors=True)
    for entry in home.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != _MARK:
            entry.unlink()


def read_state(home: Path) -> dict[str, Any]:
    """What `run.json` says; empty when there is none or it cannot be read."""
    try:
        state = json.loads((home / "run.json").read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(home: Path, **changes: Any) -> None:
    """Changes some of `run.json` (0600, replaced in one step); None removes a value."""
    state = {name: value for name, value in {**read_state(home), **changes}.items() if value is not None}
    write_private(home / "run.json", json.dumps(state, ensure_ascii=False, indent=1))


def write_private(path: Path, text: str) -> None:
    """A file only we can read; a reader sees the old text or the new, never half of it."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    scratch.replace(path)


@contextlib.contextmanager
def locked(path: Path, *, busy: HostError | None = None) -> Iterator[None]:
    """Holds a lock file, which the kernel frees even after kill -9. With `busy`: raises it, else waits."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError as error:
            raise busy or error from error
        yield


class Users:
    """Everybody who uses something together, each holding a shared lock."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def is_last(self) -> bool:
        """Whether nobody else uses it any more; if so, newcomers wait until our lock is let go."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def sharing(path: Path) -> Iterator[Users]:
    """Counts us among the users for the duration."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield Users(file)
