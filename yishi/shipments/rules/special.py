"""Goods that want care on the last mile: fresh ones first, valuable ones opened together. Pure."""

from collections.abc import Iterable
from datetime import time

FRESH_BEFORE = time(10)
"""Fresh goods are brought by ten (domain.md 5: what couriers of fresh goods promise)."""
VALUABLE_FROM_FEN = 100_000
"""From a declared value of 1,000 yuan the parcel is opened and checked together."""

FRESH, VALUABLE = "FRESH", "VALUABLE"
_FRESH = ("fresh", "cold", "生鲜", "冷链", "冷冻", "冷藏", "水果", "海鲜", "蛋糕", "鲜花", "鲜肉", "活")
_VALUABLE = ("valuable", "贵重", "保价", "首饰", "黄金")


def special_of(
    *, goods: str, handling: Iterable[str], declared_value_fen: int | None, is_insured: bool
) -> tuple[str, ...]:
    """FRESH and VALUABLE, as far as the goods, the handling marks or the declared value say so."""
    said = " ".join((goods, *handling)).casefold()
    is_valuable = is_insured or (declared_value_fen or 0) >= VALUABLE_FROM_FEN
    found = []
    if any(word in said for word in _FRESH):
        found.append(FRESH)
    if is_valuable or any(word in said for word in _VALUABLE):
        found.append(VALUABLE)
    return tuple(found)
