"""Photos of labels to numbers, as the look-up page reads them: made safe, barcodes, then print."""

import time
from collections.abc import Iterator

from bench.harness import Ground, Row
from bench.label_photos import shots
from bench.meters import percentile

NAMES = ("label-photo", "label-photo@print")


def run(ground: Ground) -> Iterator[Row]:
    """p95 in ms; `target` tells how many of the photos were read right, the likeliest number counting.

    The photos with a torn barcode are a row of their own: only OCR (the extra `ai`) reads them, and the first
    of them waits for its process to start.
    """
    from yishi.kit.ocr import ocr_command
    from yishi.kit.photos import make_safe
    from yishi.web.consumer.labels import read_label

    took: dict[bool, list[float]] = {False: [], True: []}
    right = {False: 0, True: 0}
    for shot in shots():
        began = time.perf_counter()
        numbers = read_label(make_safe(shot.picture).picture).numbers
        took[shot.is_torn].append((time.perf_counter() - began) * 1000)
        right[shot.is_torn] += numbers[:1] == (shot.waybill_no,)
    yield _row("label-photo", took[False], right[False])
    if ocr_command():
        yield _row("label-photo@print", took[True], right[True])


def _row(name: str, times: list[float], right: int) -> Row:
    worst = percentile(times, 0.95)
    return Row(
        name=name,
        value=worst,
        unit="ms",
        n=len(times),
        p50=percentile(times, 0.5),
        p95=worst,
        p99=percentile(times, 0.99),
        target=f"≤ 4,000 ms, ≥ 95 % read; read {right} of {len(times)}",
    )
