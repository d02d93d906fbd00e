"""The worker: its plan exists, its loops survive failures, it stops in time."""

import inspect
import threading
import time

import pytest
from django.db import OperationalError
from django.utils.module_loading import import_string

from yishi.config import worker
from yishi.config.worker import LOOPS, PERIODIC, Loop, Worker, back_off
from yishi.kit.clock import now

calls: list[str] = []


def failing_twice(*, at, limit):
    calls.append("call")
    if len(calls) <= 2:
        raise OperationalError("the server is gone")
    return 0


def always_full(*, at, limit):
    calls.append("call")
    return limit if len(calls) < 5 else 0


@pytest.fixture(autouse=True)
def _no_calls():
    calls.clear()


def turn(sweep, until):
    """Runs one loop in a thread until `until()` holds, then stops it."""
    running = Worker()
    loop = Loop("test", f"{__name__}.{sweep.__name__}", limit=50, rest_s=60)
    thread = threading.Thread(target=running._run_loop, args=(loop,))
    thread.start()
    end = time.monotonic() + 10
    while not until() and time.monotonic() < end:
        time.sleep(0.02)
    running.stopping.set()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.name)
def test_loops_exist(loop):
    assert {"at", "limit"} <= set(inspect.signature(import_string(loop.sweep)).parameters)


@pytest.mark.parametrize("work", PERIODIC, ids=lambda work: work.name)
def test_periodic_work_exists(work):
    assert "at" in inspect.signature(import_string(work.run)).parameters


def test_periodic_work_is_known_to_procrastinate():
    worker.register_periodic()
    worker.register_periodic()
    assert {f"periodic.{work.name.replace(' ', '_')}" for work in PERIODIC} <= set(worker.jobs.tasks)


def test_a_failure_does_not_end_a_loop(monkeypatch):
    monkeypatch.setattr(worker, "back_off", lambda failures: 0.01)
    turn(failing_twice, lambda: len(calls) >= 3)
    assert len(calls) == 3


def test_full_rounds_follow_at_once():
    turn(always_full, lambda: len(calls) >= 5)
    assert len(calls) == 5


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 5.0), (50, 5.0)]
)
def test_back_off(failures, seconds):
    assert back_off(failures) == seconds


@pytest.mark.django_db
def test_sweep_all_ends_when_nothing_is_due():
    assert worker.sweep_all(at=now()) == {loop.name: 0 for loop in LOOPS}


@pytest.mark.django_db(transaction=True)
def test_stalled_jobs_are_taken_up_again():
    assert worker.retry_stalled_jobs(at=now()) == 0
