"""One PostgreSQL cluster on disk: made with checksums and a password, compared, its programs run."""

import ctypes
import os
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import psutil

from yishi.host.errors import DiskFull, HostError, NotWritable, StartFailed, WrongVersion
from yishi.host.home import write_private
from yishi.host.layout import Layout

USER = "yishi"
_NEEDED_MB = 200
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the signal when the starting process dies, however it dies."""
    parent = os.getpid()

    def arrange() -> None:
        if hasattr(_LIBC, "prctl"):
            _LIBC.prctl(_PR_SET_PDEATHSIG, with_signal)
            if os.getppid() != parent:  # it died before the wish was known
                os._exit(1)

    return arrange


def run(layout: Layout, program: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs as the server's user and waits for it."""
    return subprocess.run(
        [str(layout.bin / program), *arguments],
        capture_output=True,
        text=True,
        check=False,
        **as_account(layout),
        **options,
    )


def as_account(layout: Layout) -> dict[str, Any]:
    """Options of `subprocess`: the server's user, a folder everybody may stand in, English messages."""
    env = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    options: dict[str, Any] = {"cwd": "/", "env": {**env, "LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}}
    if not layout.account.is_self:
        options |= {"user": layout.account.uid, "group": layout.account.gid, "extra_groups": []}
    return options


def program_version(layout: Layout) -> int:
    """The major version of the programs."""
    found = re.search(r"(\d+)", run(layout, "postgres", "--version").stdout)
    return int(found.group(1)) if found else 0


def password_of(home: Path) -> str:
    """The password of the embedded server, made on first use, 0600 in the home."""
    file = home / "database-password"
    if not file.exists():
        write_private(file, secrets.token_urlsafe(24))
    return file.read_text().strip()


def demand_cluster(layout: Layout) -> None:
    """A cluster of our version stands in `layout.data`; makes it when there is none.

    Raises WrongVersion, DiskFull, NotWritable or StartFailed.
    """
    if shutil.disk_usage(layout.place).free < _NEEDED_MB * 1024 * 1024:
        raise DiskFull(folder=layout.place, needed_mb=_NEEDED_MB)
    expected = program_version(layout)
    version_file = layout.data / "PG_VERSION"
    if version_file.exists():
        found = version_file.read_text().strip()
        if found != str(expected):
            raise WrongVersion(folder=layout.data, found=found, expected=expected)
        return
    _make(layout, expected)


def _make(layout: Layout, version: int) -> None:
    # made aside and renamed: an interrupted initdb never looks like a cluster
    scratch = layout.cluster / "data.new"
    shutil.rmtree(scratch, ignore_errors=True)
    secret = layout.cluster / "password.new"
    write_private(secret, password_of(layout.home))
    os.chown(secret, layout.account.uid, layout.account.gid)
    # sorting by code point is fast and never changes with the C library; letters are known as UTF-8's
    locale = ["--locale=C.UTF-8"]
    if version >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        made = run(
            layout,
            "initdb",
            f"--pgdata={scratch}",
            f"--username={USER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            *locale,
        )
    finally:
        secret.unlink()
    if made.returncode:
        raise what_failed(layout, made.stdout + made.stderr)
    scratch.rename(layout.data)


def what_failed(layout: Layout, output: str) -> HostError:
    """The failure that PostgreSQL's own words describe."""
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return DiskFull(folder=layout.place, needed_mb=_NEEDED_MB)
    if "Permission denied" in output or "Read-only file system" in output:
        return NotWritable(folder=layout.place, setting="YISHI_PG_FOLDER")
    return StartFailed(log=layout.log, tail=" | ".join(output.strip().splitlines()[-5:]))


def spawn(
    layout: Layout, *, settings: Mapping[str, str], log: IO[bytes], follows_us: bool
) -> subprocess.Popen[bytes]:
    """Starts the server, out of reach of the terminal's Ctrl-C. `follows_us`: it stops when we die."""
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(layout.bin / "postgres"), "-D", str(layout.data), *options],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGINT) if follows_us else None,
        **as_account(layout),
    )


def running_server(layout: Layout) -> tuple[psutil.Process, int] | None:
    """The living server of this cluster and its port, after `postmaster.pid`.

    A file left by kill -9 whose number now belongs to another program is removed: PostgreSQL would
    believe it.
    """
    file = layout.data / "postmaster.pid"
    try:
        lines = file.read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        is_ours = process.name() == "postgres" and str(layout.data) in process.cmdline()
        if is_ours and process.status() != psutil.STATUS_ZOMBIE:
            return process, int(lines[3])
        if not is_ours:
            file.unlink(missing_ok=True)
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return None
