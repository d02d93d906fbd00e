"""The worker: loops that take what is due, and Procrastinate for periodic work.

A loop that found nothing sleeps a moment instead of listening: a NOTIFY in every transaction would make all
commits wait for one lock. What is due is found by an index, so looking costs well under a millisecond.
"""

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from asgiref.sync import async_to_sync
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from yishi.kit.clock import now
from yishi.kit.outbox import MAX_TRIES

log = logging.getLogger(__name__)

_STOP_S = 5.0
_ENDS = (signal.SIGINT, signal.SIGTERM)
_STALLED_S = 60.0


@dataclass(frozen=True)
class Loop:
    """Work that is due at any moment: `sweep(at=, limit=)` takes up to `limit` rows and returns how many."""

    name: str
    sweep: str
    limit: int
    rest_s: float


@dataclass(frozen=True)
class Periodic:
    """Work by the calendar (`cron` in UTC): `run(at=)`."""

    name: str
    run: str
    cron: str


LOOPS = (
    Loop("outbox", "yishi.kit.outbox.run_due", limit=50, rest_s=0.25),
    Loop("clocks", "yishi.sla.jobs.sweep_due_clocks", limit=50, rest_s=0.5),
    Loop("clocks of talks", "yishi.sla.jobs.sweep_talk_clocks", limit=50, rest_s=1.0),
    Loop("who answers", "yishi.routing.jobs.sweep_talks", limit=50, rest_s=2.0),
    Loop("promises anew", "yishi.sla.jobs.sweep_recomputes", limit=200, rest_s=2.0),
    # a loop a channel: a slow or dead gateway holds up nobody else
    Loop("sms", "yishi.notifications.jobs.deliveries.sweep_due_sms", limit=50, rest_s=0.5),
    Loop("emails", "yishi.notifications.jobs.deliveries.sweep_due_emails", limit=50, rest_s=0.5),
    Loop("calls", "yishi.notifications.jobs.deliveries.sweep_due_calls", limit=50, rest_s=1.0),
    Loop("codes unheard", "yishi.notifications.jobs.deliveries.sweep_unheard_pickups", limit=50, rest_s=9.0),
    Loop("messages ahead", "yishi.notifications.jobs.ahead.sweep_ahead", limit=50, rest_s=2.0),
    Loop("talks", "yishi.notifications.jobs.deliveries.sweep_due_talks", limit=50, rest_s=0.5),
    Loop("answers", "yishi.assistant.jobs.sweep_errands", limit=20, rest_s=0.25),
    Loop("held messages", "yishi.conversations.jobs.sweep_due_messages", limit=50, rest_s=2.0),
    Loop("silent talks", "yishi.conversations.jobs.sweep_silent_talks", limit=50, rest_s=10.0),
    Loop("mailboxes", "yishi.conversations.jobs.sweep_due_accounts", limit=5, rest_s=2.0),
    Loop("files of channels", "yishi.conversations.jobs.sweep_due_files", limit=10, rest_s=2.0),
    Loop("recordings", "yishi.conversations.jobs.sweep_due_recordings", limit=10, rest_s=5.0),
    Loop("resumed channels", "yishi.conversations.jobs.sweep_waiting", limit=100, rest_s=2.0),
    Loop("late pieces", "yishi.conversations.jobs.sweep_late_parts", limit=50, rest_s=10.0),
    Loop("webhooks", "yishi.notifications.jobs.webhooks.sweep_due_webhooks", limit=40, rest_s=0.5),
    Loop("remaps", "yishi.shipments.jobs.sweep_remaps", limit=1, rest_s=2.0),
    Loop("replays", "yishi.feeds.jobs.sweep_replays", limit=20, rest_s=2.0),
    Loop("inspections", "yishi.detection.jobs.sweep_inspections", limit=500, rest_s=0.5),
    Loop("mass events", "yishi.detection.jobs.sweep_events", limit=1, rest_s=2.0),
    Loop("reports of events", "yishi.notifications.jobs.events.sweep_event_reports", limit=5, rest_s=30.0),
    Loop("promises", "yishi.shipments.jobs.sweep_promises", limit=200, rest_s=2.0),
    Loop("silent parcels", "yishi.shipments.jobs.sweep_silent", limit=500, rest_s=5.0),
    Loop("asking sources", "yishi.feeds.jobs.sweep_due_subscriptions", limit=50, rest_s=5.0),
    Loop("slips", "yishi.shipments.jobs.sweep_slips", limit=1, rest_s=0.5),
    Loop("sent parcels", "yishi.notifications.jobs.sent.sweep_sent", limit=50, rest_s=5.0),
    Loop("files", "yishi.shipments.jobs.sweep_files", limit=10, rest_s=1.0),
    Loop("pickup codes", "yishi.shipments.jobs.sweep_code_questions", limit=20, rest_s=5.0),
    Loop("reminders", "yishi.cases.jobs.sweep_reminders", limit=200, rest_s=2.0),
    Loop("parcels not fetched", "yishi.stations.jobs.sweep_ladder", limit=200, rest_s=10.0),
    Loop("exports", "yishi.cases.jobs.sweep_exports", limit=1, rest_s=1.0),
    Loop("bulks", "yishi.automation.jobs.sweep_bulks", limit=50, rest_s=0.5),
    Loop("search of old cases", "yishi.cases.jobs.sweep_search_filling", limit=500, rest_s=2.0),
    Loop("virus scan", "yishi.kit.scanning.sweep_unscanned", limit=20, rest_s=2.0),
    Loop("work orders", "yishi.cases.jobs.sweep_work_orders", limit=5, rest_s=1.0),
    Loop("answers to work orders", "yishi.cases.jobs.sweep_order_answers", limit=5, rest_s=2.0),
    Loop("evidence packs", "yishi.claims.jobs.sweep_packs", limit=5, rest_s=2.0),
    Loop("penalty lines", "yishi.claims.jobs.sweep_penalty_records", limit=200, rest_s=30.0),
    Loop("settled talks", "yishi.assistant.jobs.sweep_settlements", limit=50, rest_s=10.0),
    Loop("training", "yishi.assistant.jobs.sweep_training", limit=1, rest_s=5.0),
    Loop("trainings of the score", "yishi.insight.jobs.sweep_trainings", limit=1, rest_s=10.0),
    Loop("reviews of articles", "yishi.knowledge.jobs.sweep_reviews", limit=100, rest_s=30.0),
    Loop("settled cases", "yishi.cases.jobs.sweep_resolved", limit=50, rest_s=5.0),
)

PERIODIC = (
    Periodic("silent sources", "yishi.feeds.jobs.sweep_silent_sources", cron="* * * * *"),
    Periodic("published model", "yishi.assistant.jobs.follow_published", cron="* * * * *"),
    Periodic("partitions", "yishi.shipments.jobs.sweep_partitions", cron="5 * * * *"),
    Periodic("couriers' habits", "yishi.detection.jobs.learn_habits", cron="0 20 * * *"),
    Periodic("lane times", "yishi.shipments.jobs.learn_lane_times", cron="10 18 * * *"),
    Periodic("signing hours", "yishi.shipments.jobs.learn_arrivals", cron="15 18 * * *"),
    Periodic("history heads", "yishi.cases.actions.anchor.anchor_heads", cron="20 18 * * *"),
    Periodic("asking work orders", "yishi.cases.jobs.ask_order_sources", cron="0 18 * * *"),
    Periodic("comparing work orders", "yishi.cases.jobs.compare_work_orders", cron="40 18 * * *"),
    Periodic("mornings of stations", "yishi.stations.jobs.keep_mornings", cron="1 * * * *"),
    Periodic("retention", "yishi.config.worker.sweep_retention", cron="30 18 * * *"),
    Periodic("orphaned files", "yishi.kit.files.sweep_orphans", cron="0 19 * * *"),
    Periodic("stalled jobs", "yishi.config.worker.retry_stalled_jobs", cron="* * * * *"),
)


def retry_stalled_jobs(*, at: datetime) -> int:
    """Jobs whose worker was killed stay "doing" for ever unless somebody takes them up again.

    One that was begun five times is given up: it may be what kills its worker.
    """
    manager = jobs.job_manager
    stalled = list(async_to_sync(manager.get_stalled_jobs)(seconds_since_heartbeat=_STALLED_S))
    for job in stalled:
        if job.attempts + 1 >= MAX_TRIES:
            async_to_sync(manager.finish_job)(job, status=Status.FAILED, delete_job=False)
        else:
            async_to_sync(manager.retry_job)(job, retry_at=at)
    return len(stalled)


def sweep_retention(*, at: datetime) -> dict[str, int]:
    """Deletes what has been kept long enough, after the one table of `config.retention`."""
    from yishi.config.retention import RETENTION
    from yishi.kit.files import sweep_orphans
    from yishi.kit.retention import sweep_retention as sweep

    return {**sweep(table=RETENTION, at=at), "stored files": sweep_orphans(at=at)}


def sweep_all(*, at: datetime, most: int = 100_000) -> dict[str, int]:
    """Does all work that is due as of `at`, until a whole round finds nothing; returns rows taken by loop."""
    taken = {loop.name: 0 for loop in LOOPS}
    while sum(taken.values()) < most:
        before = sum(taken.values())
        for loop in LOOPS:
            taken[loop.name] += import_string(loop.sweep)(at=at, limit=loop.limit)
        if sum(taken.values()) == before:
            break
    return taken


class Worker:
    """Runs until SIGINT or SIGTERM; ends within 5 s, whatever was not finished is claimed again later."""

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def run(self) -> None:
        """Threads: one a loop, one for Procrastinate; this one waits for the signal."""
        # waited for, not handled: a handler that sets an Event can meet its lock in this same thread
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        register_periodic()
        targets: list[tuple[str, Callable[[], None]]] = [("jobs", self._run_jobs)]
        targets += [(loop.name, lambda loop=loop: self._run_loop(loop)) for loop in LOOPS]  # type: ignore[misc]
        threads = [threading.Thread(target=target, name=name, daemon=True) for name, target in targets]
        for thread in threads:
            thread.start()
        log.info("worker started")
        signal.sigwait(_ENDS)
        self.stopping.set()
        for thread in threads:
            thread.join(_STOP_S / len(threads))
        log.info("worker stopped")

    def _run_loop(self, loop: Loop) -> None:
        failures = 0
        while not self.stopping.is_set():
            try:
                taken = import_string(loop.sweep)(at=now(), limit=loop.limit)
                failures = 0
            except Exception:  # the edge of a job: the next round must come whatever happened in this one
                log.exception("loop failed", extra={"loop": loop.name})
                taken, failures = 0, failures + 1
                _drop_connection()
            close_old_connections()
            if taken < loop.limit:
                self.stopping.wait(loop.rest_s if not failures else back_off(failures))

    def _run_jobs(self) -> None:
        failures = 0
        while not self.stopping.is_set():
            try:
                asyncio.run(self._procrastinate())
                failures = 0
            except Exception:  # the database went away: its worker ends, a new one is made
                log.exception("job worker failed")
                failures += 1
                self.stopping.wait(back_off(failures))

    async def _procrastinate(self) -> None:
        connector = jobs.connector.get_worker_connector()  # type: ignore[attr-defined]
        with jobs.replace_connector(connector) as app:
            async with app.open_async():
                work = asyncio.create_task(
                    app.run_worker_async(
                        concurrency=1,
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=3,
                        delete_jobs="successful",
                    )
                )
                while not self.stopping.is_set() and not work.done():
                    await asyncio.wait({work}, timeout=0.5)
                work.cancel()
                await asyncio.gather(work, return_exceptions=self.stopping.is_set())


def back_off(failures: int) -> float:
    """Seconds to wait after that many failures in a row: 0.5, 1, 2, 4, then 5."""
    return float(min(0.5 * 2 ** (failures - 1), 5.0))


def _drop_connection() -> None:
    """A connection whose transaction broke, or whose server is gone, must not be used again."""
    try:
        connection.close()
    except Exception:
        log.warning("connection could not be closed")


def register_periodic() -> None:
    """Tells Procrastinate of `PERIODIC`; once a process."""
    for work in PERIODIC:
        name = _task_name(work.name)
        if name in jobs.tasks:
            continue
        task = jobs.task(name=name, queueing_lock=name, pass_context=False)(_runner(work))
        jobs.periodic(cron=work.cron)(task)


def run_soon(name: str) -> None:
    """Has a worker do one of `PERIODIC` at the next moment, once however often it is asked for."""
    task = _task_name(name)
    with contextlib.suppress(AlreadyEnqueued):
        jobs.configure_task(task, queueing_lock=task).defer(timestamp=0)


def _task_name(name: str) -> str:
    return f"periodic.{name.replace(' ', '_')}"


def _runner(work: Periodic) -> Callable[[int], None]:
    def run(timestamp: int) -> None:
        import_string(work.run)(at=now())

    return run
