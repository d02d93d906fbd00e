"""A parent of stand-in processes, for tests: real database, plain HTTP servers for web and edge."""

import os
import sys
from pathlib import Path

from yishi.host import commands
from yishi.host.errors import HostError
from yishi.host.parent import Parent

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def _serve(*, port, host):
    return [sys.executable, "-m", "http.server", str(port), "--bind", host]


def _yishi(*arguments):
    if arguments == ("migrate",):
        return [sys.executable, "-c", f"raise SystemExit({os.environ.get('MIGRATE_ENDS', '0')})"]
    return SLEEP


commands.web = commands.edge = _serve
commands.yishi = _yishi
commands.has_vectors = lambda: False
commands.WEB_SERVERS = 1  # plain HTTP servers cannot share a port

if __name__ == "__main__":
    once = {"sample": [sys.executable, "-c", "print('sampled', flush=True)"]}
    parent = Parent(
        home=Path(sys.argv[1]), port=int(sys.argv[2]), say=lambda t: print(t, flush=True), once=once
    )
    parent.on_up = lambda: print("up", *[f"{c.name}={c.process.pid}" for c in parent.children], flush=True)
    try:
        parent.run()
    except HostError as error:
        sys.exit(str(error))
