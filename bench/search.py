"""Search over cases by number, name, common and rare Chinese words; beside it the same words by ILIKE.

`BENCH_SIZES=10000,100000` leaves the million out, whose words take minutes to index.
"""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.caseload import fill, make_operator
from bench.harness import Ground, Row
from bench.meters import Baseline, percentile

NAMES = ("search", "search@large", "search@million", "search-growth")

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(","))
READS = int(os.environ.get("BENCH_READS", "200"))
ILIKE_READS = 12
GROWTH_TARGET = 1.5
# what the filler says, of a few hundred thousand sentences; the ends are common, the middles rare
_WORDS = """
INSERT INTO cases_timeline_entry (case_id, kind, audience, text, data, author_kind, at)
SELECT c.id, 'CONSUMER', 'PUBLIC',
  (ARRAY['快递员','驿站','转运中心','网点','客服','柜子'])[1 + abs(hashint8(c.id)::bigint) % 6] ||
  (ARRAY['态度很差','一直不接电话','把外包装压坏了','没有送上门','说找不到件','晚了三天','丢了东西'])
    [1 + abs(hashint8(-c.id)::bigint) % 7] ||
  chr(19968 + (c.id * 7919 % 6000)::int) || chr(19968 + (c.id * 104729 % 5000)::int) ||
  (ARRAY['，请尽快处理','，要求赔偿','，等得很着急','，希望给个说法'])
    [1 + abs(hashint8(c.id + 7)::bigint) % 4],
  '{}', 'CONSUMER', c.opened_at
  FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM cases_search s WHERE s.case_id = c.id)
"""
_ILIKE = """
SELECT DISTINCT c.id, c.opened_at FROM cases_case c JOIN cases_timeline_entry e ON e.case_id = c.id
 WHERE e.audience = 'PUBLIC' AND e.text ILIKE %s ORDER BY c.opened_at DESC LIMIT 25
"""


def run(ground: Ground) -> Iterator[Row]:
    """The desk's search by agents and by head office in turn, at each size."""
    load = make_operator(0)
    calibration, medians = ground.calibrate(), []
    for size, name in zip(SIZES, NAMES, strict=False):
        fill(size)
        _say_and_index()
        asked = _questions(size)
        _search(load.agent_ids, asked, 20)
        with ground.measure(calibration, with_us=True) as measured:
            times = _search(load.agent_ids, asked, READS)
        medians.append(percentile(times, 0.5))
        yield Row(
            name=name,
            value=percentile(times, 0.95),
            unit="ms",
            n=READS,
            p50=medians[-1],
            p95=percentile(times, 0.95),
            p99=percentile(times, 0.99),
            baseline=_ilike(asked),
            cpu_ms_per_unit=measured.cpu_ms / READS,
            calibration=calibration,
            target="p95 ≤ 100 ms",
        )
    growth = medians[-1] / medians[0]
    n = len(medians) * READS
    yield Row(name=NAMES[-1], value=growth, unit="×", n=n, target=f"≤ {GROWTH_TARGET} × of p50")


def _say_and_index() -> None:
    from django.db import connection

    from yishi.cases.actions.search import fill_again, fill_some

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # the chain of a history is computed by a trigger; here only words are wanted
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_WORDS)
        cursor.execute("SET session_replication_role = DEFAULT")
    at = datetime.now(UTC)
    fill_again(at=at)
    while fill_some(at=at, limit=2_000):
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_search, cases_timeline_entry")
        cursor.execute("RESET statement_timeout")


def _questions(size: int) -> list[str]:
    """Numbers, ends of numbers, common words, pairs, a phrase, a rare word, a word nobody said."""
    number, rare = f"YT99{size // 2:010d}", chr(19968 + (size // 3 * 7919) % 6000)
    return [
        number, number[-6:], "态度很差", "驿站 赔偿", "“态度很差”", rare, "快递员", "柜子 晚了三天 着急",
        "王女士", "飞碟降落", "199000", "没有送上门",
    ]  # fmt: skip


def _search(agent_ids: list[int], asked: list[str], count: int) -> list[float]:
    from yishi.cases.queries.search import search
    from yishi.people.models import User
    from yishi.people.queries import viewer_of_user
    from yishi.people.rules import SYSTEM_VIEWER

    agents = [viewer_of_user(user) for user in User.objects.filter(pk__in=agent_ids)]
    viewers = [*agents, *([SYSTEM_VIEWER] * len(agents))]
    times = []
    for number in range(count):
        viewer, q, began = viewers[number % len(viewers)], asked[number % len(asked)], time.perf_counter()
        search(viewer=viewer, q=q, at=datetime.now(UTC))
        times.append((time.perf_counter() - began) * 1000)
    return times


def _ilike(asked: list[str]) -> Baseline:
    """The same words as one would first seek them."""
    from django.db import connection

    words = [q.strip("“”").split()[0] for q in asked if not q.isascii()]
    times = []
    with connection.cursor() as cursor:
        for number in range(ILIKE_READS):
            began = time.perf_counter()
            cursor.execute(_ILIKE, [f"%{words[number % len(words)]}%"])
            times.append((time.perf_counter() - began) * 1000)
    return Baseline("ilike", percentile(times, 0.95), 0.0)
