"""Processes that are kept running: started, watched, started again with a short back-off, stopped cleanly."""

import contextlib
import math
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from yishi.host.cluster import die_with_parent

TICK_S = 0.1
_STOP_S = 8.0
_SHORT_LIFE_S = 2.0
_DELAYS_S = (0.0, 0.5, 1.0, 2.0, 5.0)


def delay_after(short_lives: int) -> float:
    """How long to wait before the next start, after that many lives in a row that ended while starting."""
    return _DELAYS_S[min(short_lives, len(_DELAYS_S) - 1)]


@dataclass
class Child:
    """One process and those it starts, in a group of their own.

    `is_once`: it has an end, and is not started again. `errors`: where it writes its standard error.
    """

    name: str
    command: list[str]
    env: Mapping[str, str]
    say: Callable[[str], None]
    is_once: bool = False
    errors: int | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    short_lives: int = field(default=0)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            stderr=self.errors,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        self.started_at = time.monotonic()

    def watch(self) -> None:
        """Starts it again when it has died and its back-off is over."""
        now = time.monotonic()
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return
            self.kill_rest()
            self.process = None
            if self.is_once:
                self.start_at = math.inf
                if status:
                    self.say(f"{self.name} failed ({status})")
                return
            self.short_lives = self.short_lives + 1 if now - self.started_at < _SHORT_LIFE_S else 0
            self.start_at = now + delay_after(self.short_lives)
            self.say(f"{self.name} ended ({status}), starting it again")
        if now >= self.start_at:
            self.start()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, within_s: float) -> None:
        """Waits for it to stop, then kills what is left of its group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(within_s, 0.1))
        self.kill_rest()
        self.process.wait()
        self.process = None

    def kill_rest(self) -> None:
        """Workers of a server that was killed hold its port: the whole group goes."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def stop_all(children: list[Child]) -> None:
    """Asks all of them at once, waits, then kills what is left."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + _STOP_S
    for child in children:
        child.end(until - time.monotonic())
