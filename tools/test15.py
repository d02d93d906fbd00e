"""Runs the database's tests on a throw-away server of the system's oldest PostgreSQL from 15 on.

`python tools/test15.py [pytest's arguments]`. What starts servers of its own (host, faults, browser, stories)
and what looks at pages or code only (security, house) needs no second run.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from yishi.host import database

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("host", "faults", "browser", "stories", "security", "house")
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


def oldest(root: Path = Path("/usr/lib/postgresql")) -> Path | None:
    """The folder of programs of the system's oldest server that is new enough."""
    folders = [path.parent for path in root.glob("*/bin/postgres") if path.parts[-3].isdigit()]
    fitting = [folder for folder in folders if int(folder.parent.name) >= database.LEAST_VERSION]
    return min(fitting, key=lambda folder: int(folder.parent.name), default=None)


def main(arguments: list[str]) -> int:
    programs = oldest()
    if programs is None:
        print("no PostgreSQL of the system from 15 on: this run is left out", file=sys.stderr)
        return 0
    os.environ.pop("DATABASE_URL", None)
    os.environ["YISHI_PG_BIN"] = str(programs)
    with tempfile.TemporaryDirectory(prefix="yishi-15-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)  # the server's user must pass
        with database.running(Path(folder) / "home", settings=THROW_AWAY) as url:
            print(f"PostgreSQL {programs.parent.name}: {programs}", file=sys.stderr)
            env = {name: value for name, value in os.environ.items() if name != "YISHI_PG_BIN"}
            env |= {"DATABASE_URL": url, "YISHI_TEST_HOME": str(Path(folder) / "tests")}
            ignored = [f"--ignore=tests/{name}" for name in LEFT_OUT]
            command = [sys.executable, "-m", "pytest", *ignored, *arguments]
            return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
