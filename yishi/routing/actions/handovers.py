"""A case is offered to another outlet, which accepts it or proves that it is not theirs.

Until it accepts, whoever gave it stays responsible (首问负责制); both see it. No answer in time, or a second
"not ours", and it goes up to head office, who decides.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yishi.cases.actions.hold import check_may, check_text, hold_case
from yishi.cases.actions.parties import end_part, give_part, move_lead, note_inside
from yishi.cases.facts import PromiseEnded, PromiseMade
from yishi.cases.models.case import Case
from yishi.cases.models.parties import Part
from yishi.cases.queries.history import list_evidence
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase
from yishi.network.models import Outlet
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.routing.actions.route import HEAD_OFFICE, hand_up
from yishi.routing.models import HandOver
from yishi.routing.queries.handovers import is_for_head_office, list_handovers, weights
from yishi.routing.queries.places import About, person_for, working_places
from yishi.routing.rules.people import Wanted

SUBJECT = "HANDOVER"
Answer = HandOver.Answer


class HandOverWaits(Refusal):
    """已经转给%(outlet)s，正等它答复；要改转先收回"""

    code = "handover_waits"


class AlreadyAnswered(Refusal):
    """这次转交已经有了结果，看最新的经过"""

    code = "handover_answered"


class HeadOfficeDecides(Refusal):
    """已经有两次“不是我们的”，归谁由总部定"""

    code = "head_office_decides"


class ProofNeeded(Invalid):
    """说“不是我们的”要有凭证：附上截图、照片，或选工单里已有的证据"""

    code = "proof_needed"

    def __init__(self) -> None:
        super().__init__([("/proof", "missing_field", (self.__doc__ or "").strip())])


@transaction.atomic
def offer(
    *,
    case_id: int,
    outlet_id: int,
    reason: str,
    files: Sequence[UUID] = (),
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> int:
    """Asks another outlet to take the case, within its own clock. Returns the hand-over's id.

    Raises NotFound for a closed outlet, NotAllowed when the viewer's outlet does not lead the case,
    HandOverWaits, HeadOfficeDecides, Stale, CaseIsOver, Invalid.
    """
    check_may(by, Permission.CASE_ASSIGN)
    kept, _note = check_text(reason, pointer="/reason")
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    if not by.sees_outlet(case.outlet.code if case.outlet else None):
        raise NotAllowed()
    outlet = _target(case, outlet_id)
    earlier = list_handovers(case_id)
    if earlier and not earlier[0].answer:
        raise HandOverWaits(outlet=earlier[0].to_name)
    if by.outlet_codes is not None and is_for_head_office(earlier):
        raise HeadOfficeDecides()
    names = {"outlet": outlet.name}
    entry_id = note_inside(
        case_id=case_id, kind="HANDOVER_ASKED", text=kept, data=names, files=files, by=by, at=at
    )
    title = Phrase(_("%(outlet)s答复是否接收"), names)
    handover = HandOver.objects.create(
        case=case,
        from_outlet=case.outlet,
        to_outlet=outlet,
        reason=kept,
        entry_id=entry_id,
        asked_by_id=by.user_id,
        asked_at=at,
    )
    give_part(case_id=case_id, outlet_id=outlet.pk, part=Part.OFFERED, why=kept, by=by, at=at)
    announce(
        PromiseMade(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            subject_kind=SUBJECT,
            subject_id=handover.pk,
            kind=SUBJECT,
            within_s=60 * weights().accept_within,
            is_in_service_hours=True,
            title=title.plain(),
            said=title.kept(),
            at=at,
        )
    )
    return handover.pk


@transaction.atomic
def accept(*, handover_id: int, by: Viewer, at: datetime) -> None:
    """The outlet takes the case: it leads from now on, and whoever accepted answers for it by name.

    Raises NotFound, NotAllowed, AlreadyAnswered, CaseIsOver.
    """
    check_may(by, Permission.CASE_ASSIGN)
    case, handover = _waiting(handover_id, must_be_open=True)
    if not by.sees_outlet(handover.to_outlet.code):
        raise NotAllowed()
    entry_id = note_inside(
        case_id=case.pk,
        kind="HANDOVER_ACCEPTED",
        text="",
        data={"outlet": handover.to_outlet.name},
        by=by,
        at=at,
    )
    _answer(case, handover, Answer.ACCEPTED, entry_id=entry_id, by=by, at=at)
    person = by.user_id or _on_duty(case, handover.to_outlet_id, at)
    move_lead(case_id=case.pk, outlet_id=handover.to_outlet_id, assignee_id=person, by=by, at=at)


@transaction.atomic
def refuse(
    *,
    handover_id: int,
    reason: str,
    files: Sequence[UUID] = (),
    shown: Sequence[UUID] = (),
    by: Viewer,
    at: datetime,
) -> None:
    """ "Not ours", with a reason and proof: new files, or evidence the case has already (`shown`).

    The case stays with who gave it; after the second refusal it goes up to head office. Raises ProofNeeded,
    NotFound, NotAllowed, AlreadyAnswered.
    """
    check_may(by, Permission.CASE_ASSIGN)
    kept, _note = check_text(reason, pointer="/reason")
    case, handover = _waiting(handover_id)
    if not by.sees_outlet(handover.to_outlet.code):
        raise NotAllowed()
    proof = {line.file_id for line in list_evidence(case.pk)}.intersection(shown)
    if not files and not proof:
        raise ProofNeeded()
    data = {"outlet": handover.to_outlet.name, "shown": sorted(map(str, proof))}
    entry_id = note_inside(
        case_id=case.pk, kind="HANDOVER_REFUSED", text=kept, data=data, files=files, by=by, at=at
    )
    _answer(case, handover, Answer.REFUSED, entry_id=entry_id, reason=kept, by=by, at=at)
    if is_for_head_office(list_handovers(case.pk)) and case.is_open:
        why = Phrase(_("两次说“不是我们的”，由总部定归谁"))
        hand_up(case_id=case.pk, level=HEAD_OFFICE, reason=why, at=at)


@transaction.atomic
def withdraw(*, handover_id: int, by: Viewer, at: datetime) -> None:
    """Who gave the case takes the offer back. Raises NotFound, NotAllowed, AlreadyAnswered."""
    check_may(by, Permission.CASE_ASSIGN)
    case, handover = _waiting(handover_id)
    if not by.sees_outlet(handover.from_outlet.code if handover.from_outlet else None):
        raise NotAllowed()
    _take_back(case, handover, by=by, at=at)


@transaction.atomic
def lapse(*, handover_id: int, at: datetime) -> None:
    """Nobody answered in time: it goes up to head office. Called by the clock; an answered one stays so."""
    try:
        case, handover = _waiting(handover_id)
    except AlreadyAnswered:
        return
    entry_id = note_inside(
        case_id=case.pk,
        kind="HANDOVER_LAPSED",
        text="",
        data={"outlet": handover.to_outlet.name},
        by=SYSTEM_VIEWER,
        at=at,
    )
    _answer(case, handover, Answer.LAPSED, entry_id=entry_id, by=SYSTEM_VIEWER, at=at)
    if case.is_open:
        reason = Phrase(_("%(outlet)s到时没答复是否接收，由总部定归谁"), {"outlet": handover.to_outlet.name})
        hand_up(case_id=case.pk, level=HEAD_OFFICE, reason=reason, at=at)


@transaction.atomic
def end_offers(*, case_id: int, at: datetime, still_with: Sequence[int | None] = ()) -> None:
    """The case was moved or ended otherwise: an offer that waits falls away. One of the outlet that the case
    is still with stays."""
    case = hold_case(case_id=case_id)
    waiting = HandOver.objects.select_for_update(of=("self",)).select_related("to_outlet")
    for handover in waiting.filter(case=case, answered_at__isnull=True):
        if handover.from_outlet_id not in still_with:
            _take_back(case, handover, by=SYSTEM_VIEWER, at=at)


def _take_back(case: Case, handover: HandOver, *, by: Viewer, at: datetime) -> None:
    entry_id = note_inside(
        case_id=case.pk,
        kind="HANDOVER_WITHDRAWN",
        text="",
        data={"outlet": handover.to_outlet.name},
        by=by,
        at=at,
    )
    _answer(case, handover, Answer.WITHDRAWN, entry_id=entry_id, by=by, at=at)


def _target(case: Case, outlet_id: int) -> Outlet:
    outlet = Outlet.objects.filter(pk=outlet_id, is_active=True).first()
    if outlet is None:
        raise NotFound()
    if outlet.pk == case.outlet_id:
        raise Invalid([("/outlet", "same_outlet", "工单已经在这个网点")])
    return outlet


def _waiting(handover_id: int, *, must_be_open: bool = False) -> tuple[Case, HandOver]:
    """The case, then the hand-over, both held. The second of two who answer is told so."""
    case_id = HandOver.objects.filter(pk=handover_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound()
    case = hold_case(case_id=case_id, must_be_open=must_be_open)
    rows = HandOver.objects.select_for_update(of=("self",)).select_related("from_outlet", "to_outlet")
    handover = rows.get(pk=handover_id)
    if handover.answered_at is not None:
        raise AlreadyAnswered()
    return case, handover


def _answer(
    case: Case,
    handover: HandOver,
    answer: HandOver.Answer,
    *,
    entry_id: int,
    reason: str = "",
    by: Viewer,
    at: datetime,
) -> None:
    """Keeps the answer, ends the asked outlet's sight and the clock."""
    handover.answer, handover.answered_at, handover.answered_by_id = answer, at, by.user_id
    handover.answer_reason, handover.answer_entry_id = reason, entry_id
    handover.save()
    end_part(case_id=case.pk, outlet_id=handover.to_outlet_id, part=Part.OFFERED, at=at)
    announce(
        PromiseEnded(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            subject_kind=SUBJECT,
            subject_id=handover.pk,
            kind=SUBJECT,
            is_done=answer in (Answer.ACCEPTED, Answer.REFUSED),
            at=at,
        )
    )


def _on_duty(case: Case, outlet_id: int, at: datetime) -> int | None:
    """A program accepted: the person whom the roster names."""
    about = About(case.pk, case.waybill_no, case.contact_id)
    place = working_places([outlet_id], at, about).get(outlet_id)
    chosen = person_for(place, Wanted(case.category, case.case_class, case.language), at)
    return chosen.user_id if chosen else None
