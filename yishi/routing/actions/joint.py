"""Several outlets work on one case: one leads and answers the consumer, the others note and prove."""

from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_may, check_text, hold_case
from yishi.cases.actions.parties import end_part, give_part, move_lead, note_inside
from yishi.cases.models.case import Case
from yishi.cases.models.parties import Part
from yishi.cases.queries.sight import list_parties
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.models import Outlet
from yishi.people.rules import Permission, Viewer

MOST_PARTIES = 8


class NotAParty(Refusal):
    """这个网点没有参加协同"""

    code = "not_a_party"


class AlreadyAParty(Refusal):
    """这个网点已经在协同了"""

    code = "already_a_party"


@transaction.atomic
def join(*, case_id: int, outlet_id: int, why: str, by: Viewer, at: datetime) -> None:
    """The lead (or head office) asks another outlet to work on the case with it: that sees it from now on.

    Raises NotFound, NotAllowed, AlreadyAParty, CaseIsOver, Invalid.
    """
    kept, case, outlet = _led(case_id, outlet_id, why, by)
    if outlet.pk == case.outlet_id:
        raise Invalid([("/outlet", "same_outlet", "它是牵头网点，不用再请它协同")])
    joined = [party for party in list_parties(case_id) if not party.is_offered]
    if len(joined) >= MOST_PARTIES:
        raise Invalid([("/outlet", "too_many", "协同的网点最多 8 个")])
    if not give_part(case_id=case_id, outlet_id=outlet.pk, part=Part.JOINED, why=kept, by=by, at=at):
        raise AlreadyAParty()
    _note(case, "PARTY_JOINED", outlet, kept, by=by, at=at)


@transaction.atomic
def leave(*, case_id: int, outlet_id: int, why: str, by: Viewer, at: datetime) -> None:
    """The lead (or head office) needs the outlet no longer: what it wrote stays, its sight ends.

    Raises NotFound, NotAllowed, NotAParty, Invalid.
    """
    kept, case, outlet = _led(case_id, outlet_id, why, by)
    if not end_part(case_id=case_id, outlet_id=outlet.pk, part=Part.JOINED, at=at):
        raise NotAParty()
    _note(case, "PARTY_LEFT", outlet, kept, by=by, at=at)


@transaction.atomic
def take_lead(
    *, case_id: int, outlet_id: int, why: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """An outlet of a joint case leads from now on: its own people say so, or head office does. Nobody is made
    to lead by another outlet, that is a hand-over. Who led before stays a party.

    Raises NotFound, NotAllowed, NotAParty, Stale, CaseIsOver, Invalid.
    """
    check_may(by, Permission.CASE_ASSIGN)
    kept, _note_of = check_text(why, pointer="/reason")
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    party = next((p for p in list_parties(case_id) if p.outlet_id == outlet_id and not p.is_offered), None)
    if party is None:
        raise NotAParty()
    if not by.sees_outlet(party.outlet_code):
        raise NotAllowed()
    outlet = Outlet.objects.get(pk=outlet_id)
    _note(case, "LEAD_TAKEN", outlet, kept, by=by, at=at)
    # head office names the outlet, the outlet's own person names himself
    person = by.user_id if by.outlet_codes is not None else None
    move_lead(case_id=case_id, outlet_id=outlet_id, assignee_id=person, keeps_part=kept, by=by, at=at)


def _led(case_id: int, outlet_id: int, why: str, by: Viewer) -> tuple[str, Case, Outlet]:
    """What was said, the case and the outlet, where the viewer's outlet leads."""
    check_may(by, Permission.CASE_ASSIGN)
    kept, _note_of = check_text(why, pointer="/reason")
    case = hold_case(case_id=case_id, must_be_open=True)
    if not by.sees_outlet(case.outlet.code if case.outlet else None):
        raise NotAllowed()
    outlet = Outlet.objects.filter(pk=outlet_id, is_active=True).first()
    if outlet is None:
        raise NotFound()
    return kept, case, outlet


def _note(case: Case, kind: str, outlet: Outlet, text: str, *, by: Viewer, at: datetime) -> None:
    note_inside(case_id=case.pk, kind=kind, text=text, data={"outlet": outlet.name}, by=by, at=at)
