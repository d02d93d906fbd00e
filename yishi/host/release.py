"""Whether an installation already has this release's schema and static files.

Starting Django only to find that there is nothing to do takes longer than all the rest of a restart.
"""

import contextlib
import hashlib
from importlib.metadata import distributions
from pathlib import Path

import psycopg

from yishi.host.home import read_state, write_state

_PACKAGE = Path(__file__).resolve().parent.parent
_MATTERS = ("migrations", "static")
_APPLIED = "SELECT count(*), max(id), max(applied) FROM django_migrations"


def is_prepared(home: Path, url: str) -> bool:
    """Whether nothing has changed since `note_prepared`: code, dependencies, static files, this database."""
    noted = read_state(home).get("prepared")
    return bool(noted) and (home / "static").is_dir() and noted == _state(url)


def note_prepared(home: Path, url: str) -> None:
    """Remembers what was migrated and collected just now."""
    write_state(home, prepared=_state(url))


def _state(url: str) -> str:
    """One value for this release on this database; '' when the database has no schema yet."""
    with contextlib.suppress(psycopg.Error), psycopg.connect(url, connect_timeout=10) as connection:
        applied = connection.execute(_APPLIED).fetchone()
        return hashlib.sha256(f"{_release()} {url} {applied}".encode()).hexdigest()
    return ""


def _release() -> str:
    """Our migrations and static files by name, size and time; of the dependencies, what is installed."""
    folders = [folder for name in _MATTERS for folder in _PACKAGE.rglob(name)]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix != ".pyc")
    facts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files if path.is_file()]
    installed = sorted(f"{found.name} {found.version}" for found in distributions())
    return repr((facts, installed))
