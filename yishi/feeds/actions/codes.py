"""Codes of sources that no mapping knows."""

from collections.abc import Mapping
from datetime import datetime

from yishi.feeds.facts import UnknownCodesSeen
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import without_phones

_COUNT_UNKNOWN = """
INSERT INTO feeds_unknown_code AS u (source_id, source_code, sample, first_seen_at, count)
SELECT %s, t.code, t.sample, %s, t.n FROM unnest(%s::text[], %s::text[], %s::int[]) AS t(code, sample, n)
ON CONFLICT (source_id, source_code) DO UPDATE SET count = u.count + excluded.count
RETURNING source_code, xmax = 0
"""


def note_unknown_codes(*, source: SourceCard, codes: Mapping[str, tuple[int, str]], at: datetime) -> None:
    """Counts codes that no mapping knows (code → how often, a sample text); new ones raise the alarm."""
    names = sorted(codes)
    samples = [without_phones(codes[name][1])[:200] for name in names]
    counts = [codes[name][0] for name in names]
    rows = hot_cursor().execute(_COUNT_UNKNOWN, [source.id, at, names, samples, counts]).fetchall()
    if fresh := tuple(str(name) for name, is_new in rows if is_new):
        announce(UnknownCodesSeen(source_code=source.code, codes=fresh, at=at))
