"""理赔 on a case's page: proposed with reasons, approved, offered, paid, asked back, arbitrated, packed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.queries.cards import CaseCard, access_case
from yishi.claims.actions import arbitrate, recover
from yishi.claims.actions.approve import approve_claim, offer_claim
from yishi.claims.actions.packs import ask_pack
from yishi.claims.actions.pay import note_payment, note_payment_failed
from yishi.claims.actions.propose import Said, change_proposal, drop_claim, propose_claim
from yishi.claims.queries.arbitrations import access_pack, arbitrations_of_case, packs_of_case
from yishi.claims.queries.proposals import ClaimCard, claim_of_case
from yishi.claims.rules.money import read_yuan, yuan
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.files import Upload, open_file, store_upload
from yishi.network.queries import carrier_names
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.case import case_page
from yishi.web.desk.claim_words import AFTER_RULING, CLAIM_STATES, DEBTORS, LOSSES, OUTCOMES, WHY_NOT
from yishi.web.desk.doors import staff_page
from yishi.web.desk.once import once
from yishi.web.desk.page import whole_number

ENDED = frozenset({"PAID", "DROPPED"})
Deed = Callable[[HttpRequest, Viewer, CaseCard, datetime], object]


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """The claim with what can be done now; nothing for a case inside the house that has none."""
    claim = claim_of_case(case.id, viewer=viewer)
    if claim is None and case.is_internal:
        return {}
    asked, packs = arbitrations_of_case(case.id), packs_of_case(case.id, viewer=viewer)
    return {
        "claims": {
            "card": claim,
            "sign": CLAIM_STATES[claim.state] if claim else None,
            "amount": yuan(claim.amount_fen) if claim else "",
            "computed": yuan(claim.proposal.computed_fen) if claim else "",
            "sums": [(line, yuan(line.amount_fen)) for line in claim.proposal.lines] if claim else [],
            "earlier": [(one, yuan(one.amount_fen)) for one in claim.earlier] if claim else [],
            "why_not": WHY_NOT.get(claim.why_not, "") if claim else "",
            "recoveries": [(r, yuan(r.amount_fen), yuan(r.received_fen)) for r in claim.recoveries]
            if claim
            else [],
            "can": _can(claim),
            "arbitrations": [(one, yuan(one.asked_fen), yuan(one.awarded_fen)) for one in asked],
            "in_arbitration": any(one.state != "FINAL" for one in asked),
            "packs": packs,
            "is_busy": bool(asked or packs) or (claim is not None and claim.state not in ENDED),
            "losses": LOSSES.items(),
            "debtors": DEBTORS.items(),
            "outcomes": OUTCOMES.items(),
            "after_ruling": AFTER_RULING,
            "carrier": once(carrier_names).get(case.carrier, ""),
            "may_write": viewer.may(Permission.CASE_WRITE),
            "value": _value(claim),
        }
    }


def _can(claim: ClaimCard | None) -> frozenset[str]:
    """What is open at this state of the claim."""
    if claim is None or claim.state == "DROPPED":
        return frozenset({"propose"})
    return {
        "PROPOSED": frozenset({"approve", "change", "drop"}),
        "APPROVED": frozenset({"offer", "change", "drop"}),
        "OFFERED": frozenset({"change", "drop"}),
        "DISPUTED": frozenset({"change", "drop"}),
        "ACCEPTED": frozenset({"pay", "recover"}),
        "PAY_FAILED": frozenset({"pay", "recover"}),
    }.get(claim.state, frozenset({"recover"}))


def _value(claim: ClaimCard | None) -> dict[str, Any]:
    """What the last proposal knew, for the form that changes it."""
    if claim is None:
        return {"lost_percent": 100}
    facts = claim.proposal.facts
    goods = facts.get("goods_value_fen")
    return {**facts, "goods": "" if goods is None else yuan(goods).replace(",", "")}


@staff_page(Permission.CASE_WRITE)
@require_POST
def act(request: HttpRequest, viewer: Viewer, case_no: str, what: str) -> HttpResponse:
    """One step of the claim; a refusal shows the page again and says why."""
    deed = DEEDS.get(what)
    if deed is None:
        raise NotFound()
    case, at = access_case(viewer=viewer, case_no=case_no), now()
    try:
        with transaction.atomic():
            deed(request, viewer, case, at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return case_page(request, viewer, case_no, step="claim", refusal=refusal)
    return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}?done=claim#claims")


@staff_page(Permission.CASE_READ)
@require_safe
def pack(request: HttpRequest, viewer: Viewer, case_no: str, pack_id: int) -> HttpResponse:
    """The PDF, or the ZIP with it, for whom the case is in sight and its lines may be read."""
    case = access_case(viewer=viewer, case_no=case_no)
    held = access_pack(viewer=viewer, case_id=case.id, pack_id=pack_id)
    try:
        body = open_file(held)
    except FileNotFoundError:
        raise NotFound from None
    return HttpResponse(
        body,
        content_type=held.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{held.name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _propose(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    propose_claim(case_id=case.id, said=_said(request), by=viewer, at=at)


def _change(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    own = request.POST.get("amount", "").strip()
    change_proposal(
        claim_id=_claim(viewer, case), amount_fen=_fen(request, "amount") if own else None,
        said=_said(request), reason=request.POST.get("reason", ""), by=viewer, at=at,
        version=_version(request),
    )  # fmt: skip


def _approve(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    approve_claim(claim_id=_claim(viewer, case), by=viewer, at=at, version=_version(request))


def _offer(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    offer_claim(claim_id=_claim(viewer, case), by=viewer, at=at, version=_version(request))


def _drop(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    why = request.POST.get("reason", "")
    drop_claim(claim_id=_claim(viewer, case), reason=why, by=viewer, at=at, version=_version(request))


def _pay(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    sent, proof = request.FILES.get("proof"), None
    if sent is not None:
        upload = Upload(name=sent.name or "", content_type=sent.content_type or "", stream=sent)
        proof = store_upload(upload=upload, retention_class="EVIDENCE", at=at).id
    reference = request.POST.get("reference", "")
    note_payment(claim_id=_claim(viewer, case), reference=reference, proof_id=proof, by=viewer, at=at)


def _pay_failed(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    why = request.POST.get("reason", "")
    note_payment_failed(
        claim_id=_claim(viewer, case), reason=why, by=viewer, at=at, version=_version(request)
    )


def _recover(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    said = request.POST
    recover.ask_recovery(
        claim_id=_claim(viewer, case), debtor=said.get("debtor", ""), who=said.get("who", ""),
        amount_fen=_fen(request, "amount"), reason=said.get("reason", ""), by=viewer, at=at,
    )  # fmt: skip


def _recovered(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    said, claim = request.POST, claim_of_case(case.id, viewer=viewer)
    wanted = whole_number(said.get("recovery", ""))
    if claim is None or wanted not in {one.id for one in claim.recoveries}:
        raise NotFound()
    assert wanted is not None
    recover.end_recovery(
        recovery_id=wanted, received_fen=_fen(request, "amount"), reference=said.get("reference", ""),
        by=viewer, at=at,
    )  # fmt: skip


def _arbitrate(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    said = request.POST
    arbitrate.file_arbitration(
        case_id=case.id, against=said.get("against", ""), asked_fen=_fen(request, "amount"),
        reason=said.get("reason", ""), external_no=said.get("external_no", ""), by=viewer, at=at,
    )  # fmt: skip


def _answered(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    text = request.POST.get("reason", "")
    arbitrate.note_answer(**_asked(request, case), text=text, by=viewer, at=at)


def _decided(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    said = request.POST
    arbitrate.note_decision(
        **_asked(request, case), outcome=said.get("outcome", ""), awarded_fen=_fen(request, "amount"),
        reason=said.get("reason", ""), by=viewer, at=at,
    )  # fmt: skip


def _second(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    why = request.POST.get("reason", "")
    arbitrate.ask_second_instance(**_asked(request, case), reason=why, by=viewer, at=at)


def _end(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    why = request.POST.get("reason", "")
    arbitrate.end_arbitration(**_asked(request, case), reason=why, by=viewer, at=at)


def _pack(request: HttpRequest, viewer: Viewer, case: CaseCard, at: datetime) -> None:
    outside = request.POST.get("for") == "outside"
    ask_pack(case_id=case.id, is_for_outside=outside, by=viewer, at=at)


DEEDS: Mapping[str, Deed] = {
    "propose": _propose, "change": _change, "approve": _approve, "offer": _offer, "drop": _drop, "pay": _pay,
    "pay-failed": _pay_failed, "recover": _recover, "recovered": _recovered, "arbitrate": _arbitrate,
    "answered": _answered, "decided": _decided, "second": _second, "end": _end, "pack": _pack,
}  # fmt: skip


def _claim(viewer: Viewer, case: CaseCard) -> int:
    found = claim_of_case(case.id, viewer=viewer)
    if found is None:
        raise NotFound()
    return found.id


def _asked(request: HttpRequest, case: CaseCard) -> dict[str, Any]:
    """The arbitration that the form is about: it must be this case's."""
    wanted = whole_number(request.POST.get("arbitration", ""))
    if wanted not in {one.id for one in arbitrations_of_case(case.id)}:
        raise NotFound()
    return {"arbitration_id": wanted, "version": _version(request)}


def _said(request: HttpRequest) -> Said:
    said = request.POST
    insured = said.get("insured", "")
    return Said(
        loss_type=said.get("loss_type") or None,
        goods_value_fen=_fen(request, "goods", is_required=False),
        has_proof=said.get("has_proof") == "1",
        lost_percent=_percent(said.get("lost_percent", "100")),
        is_insured={"yes": True, "no": False}.get(insured),
        declared_value_fen=_fen(request, "declared", is_required=False),
        freight_fen=_fen(request, "freight", is_required=False),
    )


def _percent(said: str) -> int:
    found = whole_number(said.strip())
    if found is None:
        raise Invalid([("/lost_percent", "out_of_range", "损失了多少：写 0 到 100")])
    return found


def _fen(request: HttpRequest, name: str, *, is_required: bool = True) -> Any:
    """The amount of a field in fen. Raises Invalid for what is no amount."""
    said = request.POST.get(name, "").strip()
    if not said and not is_required:
        return None
    fen = read_yuan(said)
    if fen is None:
        raise Invalid([(f"/{name}", "bad_amount", "金额写成 12.50 这样，单位元")])
    return fen


def _version(request: HttpRequest) -> int | None:
    return whole_number(request.POST.get("version", ""))
