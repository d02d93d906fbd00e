"""One kind of process alone: kept running, stopped when asked."""

import os
import signal
import subprocess
import sys

CODE = """
import sys
from yishi.host.alone import run_alone
from yishi.host.children import Child
command = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
run_alone([Child("x", command, {}, lambda text: print(text, flush=True))])
print("done", flush=True)
"""


def test_kept_running_until_asked():
    alone = subprocess.Popen([sys.executable, "-c", CODE], stdout=subprocess.PIPE, text=True)
    os.kill(int(alone.stdout.readline()), signal.SIGKILL)
    assert "x ended (-9)" in alone.stdout.readline()
    again = int(alone.stdout.readline())
    alone.send_signal(signal.SIGTERM)
    assert alone.wait(15) == 0
    assert "done" in alone.stdout.read()
    assert not os.path.exists(f"/proc/{again}")
