"""What parameters would have found in the past: parcels that are over, judged at every moment that counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from yishi.detection.queries.parcels import Watched, handed_over, read_parcels, with_beside
from yishi.detection.rules.judge import RULES
from yishi.detection.rules.kinds import Finding
from yishi.detection.rules.parcel import Parcel, story_of
from yishi.detection.rules.settings import Params, Scope, Terms, params_of
from yishi.kit.hot import hot_cursor
from yishi.shipments.queries.eta import zone

BATCH = 500
MOST_PARCELS = 5_000
_MOST_LOOKS = 8

# a sample by number, which says nothing of the parcel
_SAMPLE = """
SELECT id FROM shipments_shipment
 WHERE last_event_at >= %s AND last_event_at < %s AND merged_into_id IS NULL
 ORDER BY md5(id::text) LIMIT %s
"""


def find_on_history(
    *, terms: Terms, since: datetime, until: datetime, most: int = MOST_PARCELS
) -> tuple[list[int], dict[int, datetime]]:
    """The parcels looked at, and those found with the moment: each as the rule would have seen it then.

    What stood beside a parcel (stops, wishes, couriers' habits) is taken as it is now.
    """
    params = params_of(terms, zone())
    rows = hot_cursor().execute(_SAMPLE, [since, until, most]).fetchall()
    ids = [row[0] for row in rows]
    looked_at: list[int] = []
    found: dict[int, datetime] = {}
    for start in range(0, len(ids), BATCH):
        read = read_parcels(ids[start : start + BATCH], at=until)
        for watched in with_beside(read, handed_over(read)):
            if not _is_meant(terms, watched):
                continue
            looked_at.append(watched.shipment_id)
            if (moment := _first_found(watched.parcel, terms, params, until)) is not None:
                found[watched.shipment_id] = moment
    return looked_at, found


def _is_meant(terms: Terms, watched: Watched) -> bool:
    scope: Scope = watched.scope
    return all(
        not getattr(terms, name) or getattr(terms, name) == getattr(scope, name)
        for name in ("carrier", "product", "origin", "destination", "outlet")
    )


def _first_found(parcel: Parcel, terms: Terms, params: Params, until: datetime) -> datetime | None:
    """When the rule first says so: after each scan, and whenever it asked to look again before the next."""
    rule = RULES[terms.kind]
    for known, ends in _prefixes(parcel, until):
        story, at = story_of(known), known.scans[-1].at
        for _ in range(_MOST_LOOKS):
            said = rule(known, story, params, at)
            if isinstance(said, Finding):
                return at
            if said is None or said >= ends:
                break
            at = said
    return None


def _prefixes(parcel: Parcel, until: datetime) -> Sequence[tuple[Parcel, datetime]]:
    """The parcel as it was known after each scan, and until when it was known so."""
    scans = parcel.scans
    ends = [scan.at for scan in scans[1:]] + [until]
    return [
        (
            replace(
                parcel,
                scans=scans[: place + 1],
                attempts=tuple(a for a in parcel.attempts if a.at <= end + timedelta(minutes=10)),
            ),
            end,
        )
        for place, end in enumerate(ends)
    ]
