"""All rules over one parcel: what is the matter now, and when must be looked again. Pure; ≤ 20 µs each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from yishi.detection.rules import delivery, road, sign_off, silence
from yishi.detection.rules.kinds import Finding, Kind, Look
from yishi.detection.rules.parcel import Parcel, Story, story_of
from yishi.detection.rules.settings import Book, Params

Rule = Callable[[Parcel, Story, Params, datetime], Look]

RULES: Mapping[Kind, Rule] = {
    Kind.NO_FIRST_EVENT: silence.no_first_event,
    Kind.STALLED: silence.stalled,
    Kind.SENT_NOT_ARRIVED: silence.sent_not_arrived,
    Kind.ARRIVED_NOT_OUT: silence.arrived_not_out,
    Kind.OUT_NOT_SIGNED: silence.out_not_signed,
    Kind.PICKUP_OVERDUE: silence.pickup_overdue,
    Kind.LATE: delivery.late,
    Kind.FAILED_TWICE: delivery.failed_twice,
    Kind.HELD_AT_OUTLET: delivery.held_at_outlet,
    Kind.REFUSED_OUT: delivery.refused_out,
    Kind.DAMAGED: road.damaged,
    Kind.MISROUTED: road.misrouted,
    Kind.BOUNCING: road.bouncing,
    Kind.RETURN_LOOP: road.return_loop,
    Kind.SUSPECTED_FALSE_SIGN_OFF: sign_off.suspected_false_sign_off,
    Kind.UNCONSENTED_PLACEMENT: sign_off.unconsented_placement,
    Kind.MOVED_AFTER_DELIVERY: sign_off.moved_after_delivery,
    Kind.INTERCEPT_MISSED: sign_off.intercept_missed,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is the matter with a parcel as of a moment; `due_at` None: only a new scan changes it."""

    findings: tuple[Finding, ...]
    due_at: datetime | None


def judge(parcel: Parcel, book: Book, at: datetime) -> Judgement:
    """Every rule once. A parcel without a scan that nobody expects is nothing to us."""
    story = story_of(parcel)
    found: list[Finding] = []
    due: datetime | None = None
    for kind, rule in RULES.items():
        said = rule(parcel, story, book[kind], at)
        if said is None:
            continue
        if isinstance(said, Finding):
            found.append(said)
            said = said.due_at
        if said is not None and (due is None or said < due):
            due = said
    return Judgement(tuple(found), due)
