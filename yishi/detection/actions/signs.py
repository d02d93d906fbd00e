"""Signings kept for what they say of their courier, and every night what was usual for him."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from yishi.detection.models.inspections import Sign
from yishi.detection.queries.parcels import Watched
from yishi.detection.queries.settings import Books
from yishi.detection.rules.kinds import Kind
from yishi.detection.rules.parcel import Scan
from yishi.kit.hot import hot_cursor

LOOKED_BACK = timedelta(days=30)

_KEEP = """
INSERT INTO detection_sign AS s (shipment_id, carrier, courier_number, signed_at, is_night, was_contacted,
    consignee_id, latitude, longitude)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::boolean[], %s::boolean[],
    %s::bigint[], %s::float8[], %s::float8[]) AS n
ON CONFLICT (shipment_id) DO UPDATE SET carrier = excluded.carrier, courier_number = excluded.courier_number,
    signed_at = excluded.signed_at, is_night = excluded.is_night, was_contacted = excluded.was_contacted,
    consignee_id = excluded.consignee_id, latitude = excluded.latitude, longitude = excluded.longitude
"""


def keep_signs(*, handed: Sequence[tuple[Watched, Scan]], books: Books) -> None:
    """Keeps these signings; the same one again changes nothing. One statement."""
    rows = []
    for watched, scan in sorted(handed, key=lambda pair: pair[0].shipment_id):
        params = books.of(watched.scope)[Kind.SUSPECTED_FALSE_SIGN_OFF]
        begins = scan.at - params.spans["contact_hours"]
        rows.append(
            (
                watched.shipment_id,
                watched.parcel.carrier,
                scan.courier,
                scan.at,
                params.is_night(scan.at),
                any(begins <= attempt.at <= scan.at for attempt in watched.parcel.attempts),
                watched.consignee_id,
                scan.position[0] if scan.position else None,
                scan.position[1] if scan.position else None,
            )
        )
    if rows:
        hot_cursor().execute(_KEEP, [list(column) for column in zip(*rows, strict=True)], prepare=True)


# how far a signing lies from where that person's other parcels were handed over, in metres
_OFF = """
WITH door AS (
  SELECT consignee_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY latitude) AS latitude,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY longitude) AS longitude
    FROM detection_sign WHERE latitude IS NOT NULL AND consignee_id IS NOT NULL
   GROUP BY consignee_id HAVING count(*) >= 2)
UPDATE detection_sign s SET off_m = 111195 * sqrt(power(s.latitude - d.latitude, 2)
       + power((s.longitude - d.longitude) * cos(radians(d.latitude)), 2))
  FROM door d WHERE d.consignee_id = s.consignee_id AND s.latitude IS NOT NULL AND s.signed_at > %(since)s
"""
_RECKON = """
WITH mine AS (
  SELECT s.*, count(*) OVER (PARTITION BY carrier, courier_number, date_trunc('minute', signed_at)) AS
         together FROM detection_sign s WHERE signed_at > %(since)s AND courier_number <> '')
INSERT INTO detection_courier_habit AS h (carrier, courier_number, signed, batch_share, night_share,
    contact_share, drift_m, complaints, reckoned_at)
SELECT carrier, courier_number, count(*), 100 * count(*) FILTER (WHERE together >= 8) / count(*),
       100 * count(*) FILTER (WHERE is_night) / count(*),
       100 * count(*) FILTER (WHERE was_contacted) / count(*),
       coalesce(percentile_cont(0.9) WITHIN GROUP (ORDER BY off_m), 0), count(complained_at), %(at)s
  FROM mine GROUP BY carrier, courier_number
ON CONFLICT (carrier, courier_number) DO UPDATE SET signed = excluded.signed,
    batch_share = excluded.batch_share, night_share = excluded.night_share,
    contact_share = excluded.contact_share, drift_m = excluded.drift_m, complaints = excluded.complaints,
    reckoned_at = excluded.reckoned_at
"""
_FORGET = "DELETE FROM detection_courier_habit WHERE reckoned_at < %(at)s"


def reckon_habits(*, at: datetime) -> int:
    """What was usual for each courier over the last 30 days; who signed nothing is forgotten. How many."""
    values = {"at": at, "since": at - LOOKED_BACK}
    hot_cursor().execute(_OFF, values)
    reckoned = hot_cursor().execute(_RECKON, values).rowcount
    hot_cursor().execute(_FORGET, values)
    return reckoned


def note_complaint(*, shipment_id: int, at: datetime) -> None:
    """Somebody complained of how this parcel was signed for; the first complaint counts."""
    Sign.objects.filter(pk=shipment_id, complained_at__isnull=True).update(complained_at=at)
