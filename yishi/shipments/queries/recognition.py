"""Whose a number may be, with what the operator's own parcels look like."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from yishi.shipments.rules.recognition import PREFIX_SIGNS, Candidate, Share, rank_carriers

_UNKNOWN = "unknown"
_NEWEST = 20_000
"""More parcels tell no more of what this operator carries; the newest are read by their key."""
_KEPT_FOR = timedelta(minutes=10)

_SHARES = """
SELECT carrier, left(waybill_no, %s), length(waybill_no), count(*)
  FROM (SELECT carrier, waybill_no FROM shipments_shipment ORDER BY id DESC LIMIT %s) AS newest
 WHERE carrier <> %s GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 500
"""


@dataclass
class _Kept:
    """Of this process and this database: read anew every ten minutes."""

    of: str = ""
    until: datetime | None = None
    shares: list[Share] = field(default_factory=list)


_kept = _Kept()


def own_shares(*, at: datetime) -> list[Share]:
    """How the operator's newest parcels divide among carriers, beginnings and lengths; at most ten minutes
    old, and one statement on at most 20,000 rows when it is read."""
    database = str(connection.settings_dict["NAME"])
    if _kept.of != database or _kept.until is None or not at < _kept.until <= at + _KEPT_FOR:
        with connection.cursor() as cursor:
            cursor.execute(_SHARES, [PREFIX_SIGNS, _NEWEST, _UNKNOWN])
            _kept.shares = [Share(*row) for row in cursor.fetchall()]
        _kept.of, _kept.until = database, at + _KEPT_FOR
    return _kept.shares


def forget_shares() -> None:
    """The next question reads the shares anew: after a file was taken in, and between tests."""
    _kept.until = None


def recognise(waybill_no: str, *, at: datetime) -> list[Candidate]:
    """The carriers that a number may belong to, the likeliest first (`rules.recognition`)."""
    return rank_carriers(waybill_no, own_shares(at=at))
