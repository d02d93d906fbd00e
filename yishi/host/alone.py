"""One kind of process in the foreground: started again when it dies, stopped when we are asked to stop."""

import signal
import threading
from types import FrameType

from yishi.host.children import TICK_S, Child, stop_all


def run_alone(children: list[Child]) -> None:
    """Keeps them running until SIGINT or SIGTERM."""
    stopping = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    try:
        while not stopping.is_set():
            for child in children:
                child.watch()
            stopping.wait(TICK_S)
    finally:
        stop_all(children)
