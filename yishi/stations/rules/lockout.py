"""When guessing is locked: five wrong tries of one code, on one person, or from one place. Pure.

F12: from one address or from many, nobody gets a sixth try.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_WRONG = 5
MACHINE = "kiosk:"
WITHIN = timedelta(minutes=30)
"""Wrong tries are forgotten, and a lock ends by itself, so long after the newest."""
MOST_WRONG_UNATTENDED = 20
"""Wrong tries of all machines without a keeper at one station before none of them listens any more; those
count too after which a right code came: a thief with a parcel of his own would else go on for ever."""


@dataclass(frozen=True)
class Try:
    """One wrong try: which code, on whom (where that can be told), from which account or machine;
    `is_cleared` when the right one came afterwards."""

    code_hash: bytes
    target_hash: bytes | None
    tried_by: str
    at: datetime
    is_cleared: bool = False


@dataclass(frozen=True)
class Lock:
    """What is locked (`CODE`, `PERSON`, `PLACE`, `STATION`) and until when."""

    what: str
    until: datetime


def lock_on(
    tries: Iterable[Try],
    *,
    code_hash: bytes,
    target_hash: bytes | None,
    tried_by: str,
    is_attended: bool,
    at: datetime,
) -> Lock | None:
    """The lock that a further try meets, if any. `tries` are the station's wrong ones, in any order.

    A try exactly half an hour old no longer counts.
    """
    recent = [one for one in tries if at - WITHIN < one.at]
    held = [one for one in recent if not one.is_cleared]
    groups = {
        "CODE": [one.at for one in held if one.code_hash == code_hash],
        "PERSON": [one.at for one in held if target_hash is not None and one.target_hash == target_hash],
        "PLACE": [one.at for one in held if one.tried_by == tried_by],
    }
    for what, moments in groups.items():
        if len(moments) >= MOST_WRONG:
            return Lock(what, max(moments) + WITHIN)
    machines = [one.at for one in recent if one.tried_by.startswith(MACHINE)]
    if not is_attended and len(machines) >= MOST_WRONG_UNATTENDED:
        return Lock("STATION", max(machines) + WITHIN)
    return None
