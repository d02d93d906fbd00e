"""What was agreed of a parcel's door, in one statement: a station asks before it takes the parcel."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yishi.kit.hot import hot_cursor
from yishi.shipments.rules.placing import APPOINTED, NO_VISIT, SETTLES_APPOINTMENT

_LOOKED_BACK = timedelta(days=14)
"""A visit announced longer ago than this is not expected any more."""
_AGREED = """
SELECT coalesce((SELECT kind FROM shipments_door_choice
                  WHERE shipment_id = %(id)s AND ended_at IS NULL
                    AND (until_at IS NULL OR until_at > %(at)s)), ''),
       coalesce((SELECT kind FROM shipments_event
                  WHERE shipment_id = %(id)s AND kind = ANY(%(kinds)s)
                    AND NOT (kind = 'delivery_scheduled' AND detail = ANY(%(no_visit)s))
                    AND happened_at BETWEEN %(since)s AND %(at)s
                  ORDER BY happened_at DESC, identity DESC LIMIT 1), '')
"""


@dataclass(frozen=True)
class AgreedOfDoor:
    """`chosen` for this parcel ('' = nothing); `newest_visit` announced or settled by its scans."""

    chosen: str = ""
    newest_visit: str = ""


def agreed_of_door(shipment_id: int, *, at: datetime) -> AgreedOfDoor:
    """What stands for this parcel at that moment."""
    values = {
        "id": shipment_id,
        "at": at,
        "since": at - _LOOKED_BACK,
        "no_visit": list(NO_VISIT),
        "kinds": [*APPOINTED, *SETTLES_APPOINTMENT],
    }
    row = hot_cursor().execute(_AGREED, values, prepare=True).fetchone()
    return AgreedOfDoor(*row) if row else AgreedOfDoor()
