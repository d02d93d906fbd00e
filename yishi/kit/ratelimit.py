"""Limits on how often: one row and one statement a question, and who is asking behind a proxy."""

import ipaddress
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from yishi.kit.errors import TooMany
from yishi.kit.hot import hot_cursor
from yishi.kit.models import RateCount
from yishi.kit.personal import keyed_hash

_COUNT = """
    INSERT INTO kit_rate_count AS c (key_hash, window_start, count) VALUES (%s, %s, %s)
    ON CONFLICT (key_hash) DO UPDATE SET
        count = excluded.count + CASE WHEN c.window_start = excluded.window_start THEN c.count ELSE 0 END,
        window_start = excluded.window_start
    RETURNING count
"""


def _opened(window_s: int, at: datetime) -> datetime:
    """When the window began that `at` lies in."""
    return datetime.fromtimestamp(math.floor(at.timestamp() / window_s) * window_s, UTC)


def check_rate(*, kind: str, key: str, limit: int, window_s: int, at: datetime, weight: int = 1) -> None:
    """Counts `weight` tries of `key` (an address, a phone) and raises TooMany beyond `limit` in its window.

    Windows are fixed and begin at multiples of `window_s`. Call it outside the write's transaction:
    a try that is rolled back must still count. The key is stored as a keyed hash only.
    """
    opened = _opened(window_s, at)
    values = [keyed_hash(f"rate:{kind}", key), opened, weight]
    row = hot_cursor().execute(_COUNT, values, prepare=True).fetchone()
    if row is not None and row[0] > limit:
        left = opened + timedelta(seconds=window_s) - at
        raise TooMany(retry_after_s=max(1, math.ceil(left.total_seconds())))


_COUNT_ALL = """
    INSERT INTO kit_rate_count AS c (key_hash, window_start, count)
    SELECT *, 1 FROM unnest(%s::bytea[], %s::timestamptz[])
    ON CONFLICT (key_hash) DO UPDATE SET
        count = 1 + CASE WHEN c.window_start = excluded.window_start THEN c.count ELSE 0 END,
        window_start = excluded.window_start
    RETURNING key_hash, count
"""


def check_rates(*, kind: str, key: str, limits: Sequence[tuple[int, int]], at: datetime) -> None:
    """`check_rate` for several (limit, seconds) at once, in one statement; the first that is passed tells."""
    hashes = [keyed_hash(f"rate:{kind} {window_s}", key) for _limit, window_s in limits]
    opened = [_opened(window_s, at) for _limit, window_s in limits]
    rows = hot_cursor().execute(_COUNT_ALL, [hashes, opened], prepare=True).fetchall()
    counts = {bytes(found): count for found, count in rows}
    for (limit, window_s), found, since in zip(limits, hashes, opened, strict=True):
        if counts[found] > limit:
            left = since + timedelta(seconds=window_s) - at
            raise TooMany(retry_after_s=max(1, math.ceil(left.total_seconds())))


def count_once(*, kind: str, key: str, window_s: int, at: datetime) -> None:
    """Counts without a limit, for `counted` to tell; the key is stored as a keyed hash only."""
    opened = _opened(window_s, at)
    hot_cursor().execute(_COUNT, [keyed_hash(f"rate:{kind}", key), opened, 1], prepare=True)


def counted(*, kind: str, keys: Sequence[str], window_s: int, at: datetime) -> dict[str, int]:
    """How often each key was counted in the window that `at` lies in; keys never counted are left out."""
    opened = _opened(window_s, at)
    by_hash = {keyed_hash(f"rate:{kind}", key): key for key in keys}
    rows = RateCount.objects.filter(key_hash__in=list(by_hash), window_start=opened)
    return {by_hash[bytes(found)]: count for found, count in rows.values_list("key_hash", "count")}


_DIFFERENT = """
    WITH one AS (
        INSERT INTO kit_rate_count AS c (key_hash, window_start, count) VALUES (%s, %s, 1)
        ON CONFLICT (key_hash) DO UPDATE SET
            count = 1 + CASE WHEN c.window_start = excluded.window_start THEN c.count ELSE 0 END,
            window_start = excluded.window_start
        RETURNING window_start, count
    )
    INSERT INTO kit_rate_count AS c (key_hash, window_start, count) SELECT %s, window_start, 1 FROM one
    WHERE count = 1
    ON CONFLICT (key_hash) DO UPDATE SET
        count = 1 + CASE WHEN c.window_start = excluded.window_start THEN c.count ELSE 0 END,
        window_start = excluded.window_start
    RETURNING count
"""


def count_different(*, kind: str, group: str, member: str, window_s: int, at: datetime) -> int:
    """How many different members of the group came in its window, this one included; 0 when it came before.

    One statement; group and member are stored as keyed hashes only. Windows as in `check_rate`.
    """
    opened = _opened(window_s, at)
    values = [keyed_hash(f"rate:{kind}:one", member), opened, keyed_hash(f"rate:{kind}", group)]
    row = hot_cursor().execute(_DIFFERENT, values, prepare=True).fetchone()
    return int(row[0]) if row is not None else 0


def client_address(meta: Mapping[str, str], trusted_proxies: Sequence[str]) -> str:
    """The address of who is asking: `X-Forwarded-For` is believed from trusted proxies only.

    Read from the right: the last address that is no proxy of ours is the client. `trusted_proxies` are
    addresses or networks. '' when the connection has no address (a Unix socket).
    """
    trusted = [
        ipaddress.ip_network(proxy.strip(), strict=False) for proxy in trusted_proxies if proxy.strip()
    ]
    address = _address(meta.get("REMOTE_ADDR", ""))
    if address is None:
        return ""
    hops = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and any(address in network for network in trusted):
        before = _address(hops.pop())
        if before is None:
            break
        address = before
    return str(address)


def rate_key(address: str) -> str:
    """What is counted for an address: an IPv6 household holds a whole /64."""
    found = _address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
