"""One kind of process in the foreground: started again when it dies, stopped when we are asked to stop."""

import signal
import time
from types import FrameType

from yishi.host.children import TICK_S, Child, stop_all


def run_alone(children: list[Child]) -> None:
    """Keeps them running until SIGINT or SIGTERM."""
    is_stopping = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        # a plain flag: an Event set in a handler can meet its own lock in this same thread
        nonlocal is_stopping
        is_stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    try:
        while not is_stopping:
            for child in children:
                child.watch()
            time.sleep(TICK_S)
    finally:
        stop_all(children)
