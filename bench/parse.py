"""What reading costs: every feed plug-in on its own payloads, without a database, beside decoding alone."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bench.harness import Ground, Row
from bench.meters import Baseline
from bench.multiplied import multiplied

FEEDS = Path(__file__).resolve().parents[1] / "yishi" / "plugins" / "feeds"
PLUGINS = sorted(
    path.parent.name
    for path in FEEDS.glob("*/payloads")
    if any(multiplied(file.read_bytes(), 1) for file in path.glob("*.json"))
)
NAMES = ("parse", *(f"parse:{name}{size}" for name in PLUGINS for size in ("", "@large")))

EVENTS = 20_000
# items a body: what a push holds, and one of a carrier's night run
SIZES = {"": 20, "@large": 2_000}
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class Bodies:
    """Bodies that make about EVENTS events when each is read `times` times."""

    bodies: list[bytes]
    times: int
    events: int

    def micros(self, work: Callable[[bytes], object]) -> float:
        """µs of CPU an event of doing that with every body: the median of three rounds."""
        return median(self._round(work) for _ in range(3)) * 1e6 / self.events

    def _round(self, work: Callable[[bytes], object]) -> float:
        began = time.process_time()
        for _ in range(self.times):
            for body in self.bodies:
                work(body)
        return time.process_time() - began


def run(ground: Ground) -> Iterator[Row]:
    """µs of CPU an event; the baseline is msgspec decoding the same bytes, and nothing else."""
    from yishi.feeds.queries.sources import plugins

    calibration = ground.calibrate()
    for name in PLUGINS:
        read = partial(_read, plugins()[name][1].parse)
        for suffix, items in SIZES.items():
            work = _bodies(name, items, read)
            baseline, micros = work.micros(msgspec.json.decode), work.micros(read)
            yield Row(
                name=f"parse:{name}{suffix}",
                value=micros,
                unit="µs/event",
                n=work.events,
                baseline=Baseline("decode", baseline, 0.0),
                cpu_ms_per_unit=micros / 1000 / calibration.factor,
                calibration=calibration,
            )


def _read(parse: Callable[..., Any], body: bytes) -> Any:
    return parse(body, "application/json", {}, ZONE)


def _bodies(name: str, items: int, read: Callable[[bytes], Any]) -> Bodies:
    files = sorted((FEEDS / name / "payloads").glob("*.json"))
    grown = [body for body in (multiplied(file.read_bytes(), items) for file in files) if body]
    once = sum(len(read(body).events) for body in grown)
    times = max(1, EVENTS // once)
    return Bodies(grown, times, once * times)
