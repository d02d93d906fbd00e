"""Learning transit times from the network's own past: CPU for 1,000 parcels that arrived, at two sizes."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.harness import Ground, Row

NAMES = ("eta-train", "eta-train@large", "eta-train-growth")

SIZES = tuple(int(size) for size in os.environ.get("BENCH_ETA_SIZES", "2000,20000").split(","))
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SEED = 20_261
GROWTH_TARGET = 1.2


def run(ground: Ground) -> Iterator[Row]:
    """A month of the sample's parcels, learned from once; then the growth of the cost of 1,000."""
    calibration, costs = ground.calibrate(), []
    for size, name in zip(SIZES, NAMES, strict=False):
        _fill(size)
        with ground.measure(calibration, with_us=True) as measured:
            parcels = _learn()
        costs.append(measured.cpu_ms * 1_000 / parcels)
        yield Row(
            name=name,
            value=parcels / measured.seconds,
            unit="parcels/s",
            n=parcels,
            cpu_ms_per_unit=costs[-1] / 1_000,
            calibration=calibration,
        )
    yield Row(name=NAMES[-1], value=costs[1] / costs[0], unit="×", n=sum(SIZES), target=f"≤ {GROWTH_TARGET}")


def _fill(size: int) -> None:
    """Exactly that many parcels of the sample's month, and no others."""
    from django.db import connection

    from yishi.feeds.actions.sources import ensure_source
    from yishi.sample.load import take_parcels
    from yishi.sample.routes import make_parcel

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE shipments_event, shipments_shipment CASCADE")
    source = ensure_source(code="sample", plugin="generic", label="sample", at=AT)
    parcels = (make_parcel(seed=SEED, number=n, total=size, at=AT) for n in range(size))
    take_parcels(parcels, source, SEED, AT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _learn() -> int:
    from yishi.shipments.actions.training import train_eta

    return train_eta(at=AT).parcels
