"""One kind of process in the foreground: signals are passed on, it never outlives us."""

import signal
import subprocess
from collections.abc import Mapping
from types import FrameType

from yishi.host.cluster import die_with_parent


def run_alone(command: list[str], env: Mapping[str, str]) -> int:
    """Runs it until it ends; its exit status, 0 when it was asked to stop."""
    was_asked = False

    def pass_on(number: int, frame: FrameType | None) -> None:
        nonlocal was_asked
        was_asked = True
        child.terminate()

    child = subprocess.Popen(
        command, env=dict(env), start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM)
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, pass_on)
    status = child.wait()
    return 0 if was_asked else status
