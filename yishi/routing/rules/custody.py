"""Whose fault it may be: the outlet that had the parcel when it went wrong, from its chain of custody. Pure.

Who had it last is not always who must answer: a parcel that stood three days in Suzhou and was handed out
in Nanjing within the hour is Suzhou's delay.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# why an outlet has a case; `cases.queries.words.routing` says them in words
DELIVERED_HERE, DAMAGE_NOTED, LONGEST_GAP = "DELIVERED_HERE", "DAMAGE_NOTED", "LONGEST_GAP"
ACCEPTED_HERE, LAST_HOLDER, HOLDS_NOW = "ACCEPTED_HERE", "LAST_HOLDER", "HOLDS_NOW"
LAST_HELD, DESTINATION, SERVICE_AREA = "LAST_HELD", "DESTINATION", "SERVICE_AREA"
UNKNOWN_PARCEL, NO_OUTLET = "UNKNOWN_PARCEL", "NO_OUTLET"

_PUT_DOWN = frozenset({"delivered", "stored_at_pickup_point"})
_ON_THE_ROUND = frozenset({"out_for_delivery", "delivery_failed", "retrieved_by_courier", "refused"})
_LEAVES = frozenset({"departed_origin_outlet", "departed_hub"})
# said about a parcel, not done with it: nobody has it because of such a line
_NOTES = frozenset(
    {"damaged", "delayed", "stalled", "no_info", "exception", "unknown", "weight_changed", "pickup_overdue",
     "proof_available"}
)  # fmt: skip
# a shorter stop is no reason to look away from who delivers
LEAST_GAP = timedelta(hours=12)


@dataclass(frozen=True)
class Scan:
    """One line of a parcel's story; `outlet_id` where it names an outlet of ours."""

    at: datetime
    kind: str
    outlet_id: int | None = None


@dataclass(frozen=True)
class Fault:
    """An outlet and why it is asked; `hours` is how long a parcel stood there, where that is the reason."""

    outlet_id: int
    reason: str
    hours: int | None = None


@dataclass(frozen=True)
class Decision:
    """The outlet (None = head office's queue) and the reason that the timeline shows."""

    outlet_id: int | None
    reason: str
    hours: int | None = None


def _deliverer(scans: Sequence[Scan], origin: int | None, at: datetime) -> Fault | None:
    """Who put it down, else who took it out; a scan that names nobody is of whoever had it then."""
    for kinds in (_PUT_DOWN, _ON_THE_ROUND):
        for index in range(len(scans) - 1, -1, -1):
            if scans[index].kind in kinds:
                holder = _holder(scans[: index + 1])
                return Fault(holder, DELIVERED_HERE) if holder is not None else None
    return None


def _damage(scans: Sequence[Scan], origin: int | None, at: datetime) -> Fault | None:
    """Who had it when the first damage was noted, else who handed it over without noting any."""
    for index, scan in enumerate(scans):
        if scan.kind in {"damaged", "weight_changed"}:
            holder = scan.outlet_id or _holder(scans[: index + 1])
            if holder is not None:
                return Fault(holder, DAMAGE_NOTED)
    return _deliverer(scans, origin, at)


def _stall(scans: Sequence[Scan], origin: int | None, at: datetime) -> Fault | None:
    """Where it stood longest before it was put down, the time until now included; the road after a
    departure counts for who let it go."""
    moves = [scan for scan in scans if scan.kind not in _NOTES]
    ended = next((i for i, scan in enumerate(moves) if scan.kind in _PUT_DOWN), None)
    steps = moves if ended is None else moves[: ended + 1]
    until = [scan.at for scan in steps[1:]] + ([at] if ended is None else [])
    gaps = [
        (then - scan.at, -index, scan) for index, (scan, then) in enumerate(zip(steps, until, strict=False))
    ]
    longest = max(gaps, default=None)
    if longest is None or longest[0] < LEAST_GAP or longest[2].outlet_id is None:
        return None
    return Fault(longest[2].outlet_id, LONGEST_GAP, int(longest[0].total_seconds() // 3600))


def _sender(scans: Sequence[Scan], origin: int | None, at: datetime) -> Fault | None:
    """Who took it in from the sender."""
    accepted = next((s.outlet_id for s in scans if s.kind == "accepted" and s.outlet_id is not None), origin)
    return Fault(accepted, ACCEPTED_HERE) if accepted is not None else None


def _last(scans: Sequence[Scan], origin: int | None, at: datetime) -> Fault | None:
    """Who had it last, also where it has left since and was seen nowhere."""
    holder = next((scan.outlet_id for scan in reversed(scans) if scan.outlet_id is not None), None)
    return Fault(holder, LAST_HOLDER) if holder is not None else None


def _present(scans: Sequence[Scan], origin: int | None, at: datetime) -> Fault | None:
    """Who has it now; nobody of ours while it is on the road."""
    holder = _holder([scan for scan in scans if scan.kind not in _NOTES])
    return None if holder is None or has_left(scans) else Fault(holder, HOLDS_NOW)


def _holder(scans: Sequence[Scan]) -> int | None:
    """Who had it at the last of these scans: an outlet keeps it until a scan that names no outlet of ours
    moves it on."""
    for scan in reversed(scans):
        if scan.outlet_id is not None:
            return scan.outlet_id
        if scan.kind not in _NOTES | _PUT_DOWN | _ON_THE_ROUND:
            return None
    return None


Question = Callable[[Sequence[Scan], int | None, datetime], Fault | None]

# what is asked of the chain of custody; a category that is not named asks who delivered it
ASKED: Mapping[str, Question] = {
    **dict.fromkeys(("DAMAGED", "SHORT", "CONTENT_MISMATCH"), _damage),
    "DELAY": _stall,
    "LOST": _last,
    **dict.fromkeys(("ACCEPTANCE", "OVERCHARGE"), _sender),
    **dict.fromkeys(("RETURN", "INTERCEPT", "REDIRECT", "RESCHEDULE", "URGE", "ENQUIRY"), _present),
}


def at_fault(
    category: str, scans: Sequence[Scan], *, origin: int | None, at: datetime, working: Container[int]
) -> Fault | None:
    """The outlet that had the parcel when it went wrong, by its scans (oldest first) and what is complained
    of; None where the story names none of ours, or only one that is closed."""
    fault = ASKED.get(category, _deliverer)(scans, origin, at)
    return fault if fault is not None and fault.outlet_id in working else None


def has_left(scans: Sequence[Scan]) -> bool:
    """Whether it is on the road: whoever had it last can no longer put a hand on it."""
    moves = [scan for scan in scans if scan.kind not in _NOTES]
    return bool(moves) and (moves[-1].kind in _LEAVES or _holder(moves) is None)


def responsible_outlet(
    *,
    is_known: bool,
    fault: Fault | None,
    is_on_the_road: bool = False,
    held: int | None,
    destination: int | None,
    serving: int | None,
    working: Container[int],
) -> Decision:
    """Who had it when it went wrong, else who last held it, else its destination, else who serves the
    address; the destination first while it is on the road.

    `working` are outlets that are not closed: a closed one is passed over. Without any, head office,
    which first finds out where the parcel is.
    """
    if fault is not None and fault.outlet_id in working:
        return Decision(fault.outlet_id, fault.reason, fault.hours)
    ends = [(held, LAST_HELD), (destination, DESTINATION)]
    for outlet_id, reason in (*(reversed(ends) if is_on_the_road else ends), (serving, SERVICE_AREA)):
        if outlet_id is not None and outlet_id in working:
            return Decision(outlet_id, reason)
    return Decision(None, NO_OUTLET if is_known else UNKNOWN_PARCEL)
