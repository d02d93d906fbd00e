"""How rows of the rooms look on the wire, where names or places differ."""

from typing import Any

from yishi.cases.queries.cards import CaseLine, get_case
from yishi.cases.queries.history import list_evidence, list_timeline
from yishi.cases.queries.sight import list_parties
from yishi.cases.rules.audiences import INTERNAL, audience_of
from yishi.cases.rules.status import NEVER
from yishi.claims.queries.proposals import claim_shape, proposal_of_case
from yishi.consignees.queries import masked_contact
from yishi.network.queries import find_outlet_card
from yishi.people.queries import staff_usernames
from yishi.people.rules import Viewer
from yishi.routing.queries.handovers import list_handovers
from yishi.sla.queries.clocks import clocks_of_case


def outlet_shape(outlet_id: int | None) -> dict[str, str] | None:
    """An outlet as anybody may know it; None = head office's queue."""
    card = find_outlet_card(outlet_id) if outlet_id is not None else None
    return None if card is None else {"code": card.code, "name": card.name, "phone": card.phone}


def clock_rows(case_id: int) -> list[dict[str, Any]]:
    return [
        {"kind": c.kind, "due_at": c.due_at, "met_at": c.met_at, "breached_at": c.breached_at}
        for c in clocks_of_case(case_id)
    ]


def case_rows(lines: list[CaseLine]) -> list[dict[str, Any]]:
    names = staff_usernames([line.assignee_id for line in lines if line.assignee_id is not None])
    return [_row(line, names) for line in lines]


def _row(line: CaseLine, usernames: dict[int, str]) -> dict[str, Any]:
    return {
        "case_no": line.case_no,
        "status": line.status,
        "category": line.category,
        "source": line.source,
        "external_no": line.external_no,
        "waybill_no": line.waybill_no,
        "carrier": line.carrier,
        "outlet": line.outlet_code,
        "assignee": usernames.get(line.assignee_id or 0),
        "priority": line.priority,
        "opened_at": line.opened_at,
        "next_due_at": None if line.next_due_at >= NEVER else line.next_due_at,
        "version": line.version,
    }


def public_timeline(case_id: int) -> list[dict[str, Any]]:
    return [
        {"at": line.at, "kind": line.kind, "text": line.text or line.title}
        for line in list_timeline(case_id, audience="PUBLIC")
    ]


def proposal_shape(case_id: int) -> dict[str, Any] | None:
    """What the person was last offered, in his words; None where nothing was."""
    card = proposal_of_case(case_id)
    if card is None:
        return None
    same = ("state", "amount_fen", "offered_at", "answered_at", "paid_at")
    return {
        "id": card.proposal_id,
        "loss": card.loss_label,
        "lines": [{"text": line.text, "amount_fen": line.amount_fen} for line in card.lines],
        **{name: getattr(card, name) for name in same},
    }


def case_shape(case_id: int, viewer: Viewer | None = None) -> dict[str, Any]:
    """A whole case as this viewer reads it; he has come through the door. The contact is masked."""
    audience = audience_of(viewer) if viewer else INTERNAL
    case = get_case(case_id)
    contact = masked_contact(case.contact_id)
    return {
        **case_rows([case])[0],
        "contact": None
        if case.contact_id is None
        else {"name": contact.name, "phone": contact.phone, "email": contact.email},
        "finding": None
        if not case.finding_validity
        else {
            "validity": case.finding_validity,
            "category": case.finding_category or None,
            "responsible": case.finding_responsible or None,
            "reason": case.finding_reason,
        },
        "claim": claim_shape(case.id),
        "remedy": case.remedy,
        "root_cause": case.root_cause,
        "resolved_at": case.resolved_at,
        "closed_at": case.closed_at,
        "timeline": [
            {
                "at": line.at,
                "kind": line.kind,
                "text": line.text or line.title,
                "audience": line.audience,
                "author": line.author,
            }
            for line in list_timeline(case_id, audience)
        ],
        "clocks": clock_rows(case_id),
        "handover": _waiting(case_id),
        "parties": [party.outlet_code for party in list_parties(case_id) if not party.is_offered],
        "evidence": [
            {
                "id": str(line.file_id),
                "content_type": line.content_type,
                "size": line.size,
                "stored_at": line.at,
                "kind": line.kind,
                "taken_at": line.taken_at,
                "sha256": line.sha256,
                "scan": line.scan_state,
            }
            for line in list_evidence(case_id, audience=audience)
        ],
    }


def _waiting(case_id: int) -> dict[str, Any] | None:
    """The outlet that is asked to take the case, while it has not answered."""
    newest = next(iter(list_handovers(case_id)), None)
    if newest is None or newest.answer:
        return None
    return {"from": newest.from_code, "to": newest.to_code, "asked_at": newest.asked_at}
