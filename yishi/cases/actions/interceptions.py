"""Intercepting a parcel: asked on a case, stopped at the scanners at once, given to who has it, concluded."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.evidence import add_evidence
from yishi.cases.actions.hold import check_leads, check_may, check_text, hold_case, keep
from yishi.cases.actions.interception_steps import about, ended, finish, place, say
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import InterceptionAsked
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience
from yishi.cases.models.interceptions import Interception
from yishi.cases.queries.interceptions import cut_offs, known_of, zone
from yishi.cases.rules.interceptions import CHOSEN_BY_HAND, State, chance_of
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.shipments.actions.stops import lift_stop, stop_parcel
from yishi.shipments.queries.stops import Standing, standing_of, stops_of
from yishi.shipments.rules.stops import ASKS, Asked, Reason

MAX_ADDRESS = 300


class NoParcel(Refusal):
    """这件工单没有对上包裹，先补上运单号再拦"""

    code = "no_parcel"


class AlreadyIntercepted(Refusal):
    """这一件已经在拦了，见工单 %(case_no)s"""

    code = "already_intercepted"


class InterceptionIsOver(Refusal):
    """这次拦截已经有结果了"""

    code = "interception_is_over"


@transaction.atomic
def intercept(*, case_id: int, asked: str, address: str = "", by: Viewer | None, at: datetime) -> int:
    """Stops the case's parcel for RETURN, NEW_ADDRESS or HOLD; None is the consumer himself.

    From the commit on no scanner lets it pass; whoever has it gets a task until the latest transfer. Where
    it is too late already, that is said at once. Returns the interception's id. Raises Invalid, NoParcel,
    AlreadyIntercepted, CaseIsOver.
    """
    check_may(by, Permission.CASE_WRITE)
    _check(asked, address, is_by_hand=by is not None)
    doer = by or SYSTEM_VIEWER
    standing = parcel_of(case_id, at)
    chance = chance_of(known_of(standing), cut_offs(), zone=zone(), at=at)
    stop_id = _stopped(case_id, standing, asked, by=doer, at=at) if chance.is_possible else None
    case = hold_case(case_id=case_id, must_be_open=True)
    row = Interception.objects.create(
        case=case,
        shipment_id=standing.shipment_id,
        stop_id=stop_id,
        asked=asked,
        address=address.strip(),
        state=State.RUNNING if chance.is_possible else State.TOO_LATE,
        why=chance.why,
        holder=chance.holder,
        asked_by_id=doer.user_id,
        asked_at=at,
        **({} if chance.is_possible else {"ended_at": at, "freed_at": at}),
    )
    if chance.is_possible:
        place(case, row, chance, standing, at=at)
        entry = say(case, "INTERCEPT_ASKED", row, at=at)
        announce(InterceptionAsked(interception_id=row.pk, entry_id=entry.pk, **about(case, doer, at)))
    else:
        entry = say(case, "INTERCEPT_ENDED", row, at=at)
        announce(ended(case, row, entry, doer, at))
    return row.pk


def _check(asked: str, address: str, *, is_by_hand: bool) -> None:
    if asked not in ASKS:
        raise Invalid([("/asked", "bad_value", "没有这个选项")])
    # a person who asks for it says it in his own words, which stand in the case
    if asked == Asked.NEW_ADDRESS and is_by_hand and not address.strip():
        raise Invalid([("/address", "missing_field", "写明改送到哪里")])
    if len(address) > MAX_ADDRESS or "\x00" in address:
        raise Invalid([("/address", "too_long", "太长了")])


def _stopped(case_id: int, standing: Standing, asked: str, *, by: Viewer, at: datetime) -> int:
    """The stop that holds the scanners back; the parcel's row is held before the case's."""
    case_no = Case.objects.values_list("case_no", flat=True).get(pk=case_id)
    stop_id = stop_parcel(
        shipment_id=standing.shipment_id,
        reason=Reason.INTERCEPTED,
        asked=asked,
        case_no=case_no,
        by=by,
        at=at,
    )
    mine = next(stop for stop in stops_of(standing.shipment_id) if stop.id == stop_id)
    if mine.case_no != case_no or Interception.objects.filter(stop_id=stop_id).exists():
        raise AlreadyIntercepted(case_no=mine.case_no)
    return stop_id


@transaction.atomic
def conclude(
    *, case_id: int, state: str, text: str, files: Sequence[UUID] = (), by: Viewer, at: datetime
) -> None:
    """How it came out, as a person says: STOPPED (the parcel stays held until it is freed), REFUSED or
    MISSED; `text` says how it is known and stays inside, `files` prove it.

    Raises Invalid, InterceptionIsOver, OnlyTheLead.
    """
    check_may(by, Permission.CASE_WRITE)
    if state not in CHOSEN_BY_HAND:
        raise Invalid([("/state", "unknown_state", "选拦住了、没拦住或不能拦")])
    kept, _note = check_text(text)
    row = running(case_id)
    if state != State.STOPPED and row.stop_id is not None:
        lift_stop(stop_id=row.stop_id, by=by, at=at)
    case = hold_case(case_id=case_id)
    check_leads(case, by)
    row = running(case_id)
    if files:
        add_evidence(case_id=case_id, files=files, text=kept, by=by, at=at)
    finish(case, row, State(state), "", frees=state != State.STOPPED, text=kept, by=by, at=at)


@transaction.atomic
def free_parcel(*, case_id: int, reason: str, by: Viewer, at: datetime) -> None:
    """Lets a stopped parcel go its new way: scanners pass it again. Raises Invalid, NotFound."""
    check_may(by, Permission.CASE_WRITE)
    kept, _note = check_text(reason, pointer="/reason")
    row = Interception.objects.filter(case_id=case_id, state=State.STOPPED, freed_at__isnull=True).first()
    if row is None:
        raise NotFound()
    if row.stop_id is not None:
        lift_stop(stop_id=row.stop_id, by=by, at=at)
    case = hold_case(case_id=case_id)
    check_leads(case, by)
    if Interception.objects.filter(pk=row.pk, freed_at__isnull=True).update(freed_at=at):
        write_entry(case, "INTERCEPT_FREED", Audience.INTERNAL, by=by, at=at, text=kept)
        keep(case)


def running(case_id: int) -> Interception:
    """The case's interception that has no result yet. Raises InterceptionIsOver, NotFound."""
    row = Interception.objects.filter(case_id=case_id).order_by("-pk").first()
    if row is None:
        raise NotFound()
    if row.state != State.RUNNING:
        raise InterceptionIsOver()
    return row


def parcel_of(case_id: int, at: datetime) -> Standing:
    """Where the case's parcel stands. Raises NotFound, NoParcel."""
    found = Case.objects.filter(pk=case_id).values_list("shipment_id").first()
    if found is None:
        raise NotFound()
    if found[0] is None:
        raise NoParcel()
    return standing_of(found[0], at=at)
