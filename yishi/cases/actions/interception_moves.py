"""What follows by itself while a parcel is being stopped: it moves, a scanner is refused, time runs out."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yishi.cases.actions.escalate import JustEscalated, escalate_case
from yishi.cases.actions.hold import CaseIsOver, hold_case, keep, tell
from yishi.cases.actions.interception_steps import about, finish, place, say
from yishi.cases.actions.interceptions import AlreadyIntercepted, intercept
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import InterceptionCarriedOn
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author
from yishi.cases.models.interceptions import Interception
from yishi.cases.models.tasks import TaskState
from yishi.cases.queries.interceptions import cut_offs, known_of, zone
from yishi.cases.rules.interceptions import Chance, State, chance_of, outcome_of, was_carried_on
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.phrases import Phrase
from yishi.network.queries import find_outlet_card
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.stops import lift_stop
from yishi.shipments.queries.stops import Standing, standing_of
from yishi.shipments.rules.stops import Asked

# what a complaint of such a category asks to be done with the parcel
ASKED_BY = {"INTERCEPT": Asked.RETURN, "RETURN": Asked.RETURN, "REDIRECT": Asked.NEW_ADDRESS}


def intercept_as_asked(*, case_id: int, category: str, at: datetime) -> None:
    """A new case that asks for it begins the interception, where staff, a program or a platform took it in,
    or where the parcel's own sender or receiver has proven who he is; anybody else waits for a person's eye.
    A case that is over by the time this is looked at asks for nothing any more.
    """
    if category not in ASKED_BY:
        return
    case = Case.objects.only("shipment_id", "contact_id", "is_verified", "status").get(pk=case_id)
    if case.shipment_id is None or not case.is_open:
        return
    if case.entries.filter(kind="OPENED", author_kind=Author.CONSUMER).exists():
        parcel = standing_of(case.shipment_id, at=at)
        if not case.is_verified or case.contact_id not in {parcel.shipper_id, parcel.consignee_id}:
            return
    try:
        intercept(case_id=case_id, asked=ASKED_BY[category], by=None, at=at)
    except AlreadyIntercepted as known:
        held = hold_case(case_id=case_id)
        data = {"case_no": known.values["case_no"]}
        write_entry(held, "INTERCEPT_KNOWN", Audience.INTERNAL, by=SYSTEM_VIEWER, at=at, data=data)


_WAITING = """
SELECT id FROM cases_interception WHERE shipment_id = ANY(%s) AND freed_at IS NULL ORDER BY shipment_id
"""


def follow_stopped(*, shipment_ids: Collection[int], at: datetime) -> int:
    """Parcels that moved and are being stopped: who must act follows them, or it has come out. Returns how
    many interceptions were looked at; one statement where none of these parcels is held back."""
    found = hot_cursor().execute(_WAITING, [list(shipment_ids)]).fetchall()
    for (interception_id,) in found:
        _follow(interception_id, at)
    return len(found)


@transaction.atomic
def _follow(interception_id: int, at: datetime) -> None:
    row = Interception.objects.get(pk=interception_id)
    standing = standing_of(row.shipment_id, at=at)
    known = known_of(standing)
    outcome = outcome_of(known, asked=row.asked, since=row.asked_at)
    if outcome and outcome.frees and row.stop_id is not None:
        lift_stop(stop_id=row.stop_id, by=SYSTEM_VIEWER, at=at)
    case = hold_case(case_id=row.case_id)
    row.refresh_from_db()
    if row.freed_at is not None:
        return
    if row.state != State.RUNNING:
        if outcome and outcome.frees:
            Interception.objects.filter(pk=row.pk).update(freed_at=at)
        return
    if was_carried_on(known, row.asked_at) and row.carried_on_at is None:
        _carried_on(case, row, at)
    if outcome is not None:
        finish(case, row, outcome.state, outcome.why, frees=outcome.frees, by=SYSTEM_VIEWER, at=at)
        if outcome.state == State.MISSED:
            _escalate(case.pk, at)
        return
    chance = chance_of(known, cut_offs(), zone=zone(), at=at)
    if (chance.holder, chance.outlet_id, chance.courier) != (row.holder, row.outlet_id, row.courier):
        _hand_on(case, row, chance, standing, at)


def _hand_on(case: Case, row: Interception, chance: Chance, standing: Standing, at: datetime) -> None:
    if not case.is_open:
        return
    place(case, row, chance, standing, at=at)
    outlet = find_outlet_card(row.outlet_id) if row.outlet_id else None
    data = {
        "holder": row.holder,
        "why": row.why,
        "outlet": outlet.name if outlet else "",
        "until": row.until.isoformat() if row.until else "",
    }
    write_entry(case, "INTERCEPT_MOVED", Audience.INTERNAL, by=SYSTEM_VIEWER, at=at, data=data)
    keep(case)


def _carried_on(case: Case, row: Interception, at: datetime) -> None:
    """It was sent out or put down although it was stopped: the person hears it, and somebody higher."""
    row.carried_on_at = at
    row.save(update_fields=["carried_on_at"])
    entry = say(case, "INTERCEPT_CARRIED_ON", row, at=at)
    announce(
        InterceptionCarriedOn(interception_id=row.pk, entry_id=entry.pk, **about(case, SYSTEM_VIEWER, at))
    )
    _escalate(case.pk, at)


def _escalate(case_id: int, at: datetime) -> None:
    try:
        escalate_case(case_id=case_id, reason=Phrase(_("拦截没有拦住")), by=SYSTEM_VIEWER, at=at)
    except (JustEscalated, CaseIsOver):
        return  # somebody higher knows already, or nobody waits for it any more


@transaction.atomic
def lapse_interception(*, interception_id: int, at: datetime) -> None:
    """Its latest moment has passed without a word: asked anew of whoever has it now, on a new clock."""
    found = Interception.objects.filter(pk=interception_id, state=State.RUNNING).first()
    if found is None:
        return
    standing = standing_of(found.shipment_id, at=at)
    case = hold_case(case_id=found.case_id)
    row = Interception.objects.filter(pk=interception_id, state=State.RUNNING).first()
    chance = chance_of(known_of(standing), cut_offs(), zone=zone(), at=at)
    if row is None or not chance.is_possible:
        return  # the parcel's own scan says how it came out
    _hand_on(case, row, chance, standing, at)


@transaction.atomic
def follow_task(*, case_id: int, task_id: int, state: str, at: datetime) -> None:
    """Whoever had to act says that it is stopped; that he cannot makes it a matter for somebody higher."""
    row = Interception.objects.filter(case_id=case_id, task_id=task_id, state=State.RUNNING).first()
    if row is None or state == TaskState.CANCELLED:
        return
    case = hold_case(case_id=case_id)
    if state == TaskState.DONE:
        finish(case, row, State.STOPPED, "", frees=False, by=SYSTEM_VIEWER, at=at)
    else:
        _escalate(case_id, at)


def note_held_back(*, stop_id: int, kind: str, courier: str, station: str, at: datetime) -> None:
    """A scanner was refused: the case's history says whose, and its page is told."""
    row = Interception.objects.filter(stop_id=stop_id).select_related("case", "case__outlet").first()
    if row is None:
        return
    data = {"kind": kind, "courier": courier, "station": station}
    write_entry(row.case, "INTERCEPT_HELD", Audience.INTERNAL, by=SYSTEM_VIEWER, at=at,
                author=Author.SYSTEM, data=data)  # fmt: skip
    tell(row.case)


@transaction.atomic
def end_with_case(*, case_id: int, is_withdrawn: bool, at: datetime) -> None:
    """Nobody waits for it any more: what still ran ends, and its parcel may go on.

    A parcel that was stopped already stays held until it goes its new way, unless the person withdrew.
    """
    row = Interception.objects.filter(case_id=case_id, freed_at__isnull=True).select_related("case").first()
    if row is None or row.case.is_open or not (is_withdrawn or row.state == State.RUNNING):
        return
    if row.stop_id is not None:
        lift_stop(stop_id=row.stop_id, by=SYSTEM_VIEWER, at=at)
    case = hold_case(case_id=case_id)
    row.refresh_from_db()
    if row.state == State.RUNNING:
        finish(case, row, State.WITHDRAWN, "", frees=True, by=SYSTEM_VIEWER, at=at)
    else:
        Interception.objects.filter(pk=row.pk).update(freed_at=at)
