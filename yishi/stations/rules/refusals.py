"""Why a code that was right once opens nothing now. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# a stay that was undone gave its code to nobody
_SAID = {"HANDED_OUT": "handed_out", "RETURNED": "returned", "MOVED": "moved", "LOST": "lost"}


@dataclass(frozen=True)
class Stay:
    """An earlier or other stay under the same code; `station` is empty for the one that asks."""

    state: str
    ended_at: datetime | None
    station: str = ""


def why_refused(stays: Sequence[Stay]) -> tuple[str, Stay | None]:
    """The reason and the stay it is read from: another station's parcel, else what became of the newest here;
    `unknown` where nobody ever had this code."""
    elsewhere = next((stay for stay in stays if stay.station and stay.state == "INSIDE"), None)
    over = [stay for stay in stays if not stay.station and stay.state in _SAID and stay.ended_at is not None]
    if over:
        newest = max(over, key=lambda stay: (stay.ended_at is not None, stay.ended_at))
        return _SAID[newest.state], newest
    return ("wrong_station", elsewhere) if elsewhere is not None else ("unknown", None)
