"""Progress: what was done, what comes next and by when, and what the person can do now (`acts`)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yishi.cases.queries.cards import CaseCard, get_case_by_token
from yishi.cases.queries.history import access_file, list_evidence, list_timeline
from yishi.cases.queries.links import goes_on_token
from yishi.cases.queries.workflows import consumer_way
from yishi.cases.rules.status import CLOSE_AFTER, OPEN_STATUSES, Status, may_reopen
from yishi.cases.rules.urging import urges_again_at
from yishi.claims.queries.proposals import ProposalCard, proposal_of_case
from yishi.claims.rules.money import yuan
from yishi.consignees.queries import masked_contact, notice_wish
from yishi.feedback.queries import find_rating
from yishi.kit import clock
from yishi.kit.files import open_file
from yishi.network.queries import find_outlet_card
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.public import get_public_shipment
from yishi.sla.queries.clocks import clocks_of_case
from yishi.web.consumer import journeys
from yishi.web.consumer.doors import check_look_up
from yishi.web.consumer.forms import SayForm
from yishi.web.shared.live import live_url

JUST_NOW = timedelta(minutes=10)


@require_safe
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """The private page of one complaint. Whoever holds the link may see it."""
    check_look_up(request, clock.now())
    return progress_page(request, token, SayForm())


def progress_page(request: HttpRequest, token: str, form: SayForm, status: int = 200) -> HttpResponse:
    """The page; after a refusal with its reason and all that was typed."""
    at = clock.now()
    case = get_case_by_token(token)
    rating, entries = find_rating(case.id), list_timeline(case.id, audience="PUBLIC")
    outlet = find_outlet_card(case.outlet_id) if case.outlet_id else None
    outlet_name = outlet.name if outlet else ""
    context: dict[str, Any] = {
        "at": at,
        "case": case,
        "token": token,
        "goes_on": goes_on_token(case.id) if case.merged_into_id else "",
        "outlet": outlet,
        "journey": journeys.tell(case, clocks_of_case(case.id), outlet_name=outlet_name, at=at),
        "way": consumer_way(case),
        "lines": journeys.lines(entries, list_evidence(case.id, audience="PUBLIC")),
        "result": journeys.result(entries) if case.status == Status.RESOLVED else None,
        "asked": journeys.question(entries) if case.status == Status.WAITING_CUSTOMER else None,
        "closes_at": case.resolved_at + CLOSE_AFTER if case.resolved_at else None,
        "form": form,
        "is_new": at - case.opened_at < JUST_NOW,
        "rating": rating,
        "has_parcel": bool(case.waybill_no) and get_public_shipment(case.waybill_no) is not None,
        "here": request.get_full_path(),
        "live_url": live_url([f"case:{case.case_no}"], viewer="public"),
        **_notices(request, case),
        **_money(proposal_of_case(case.id)),
        **_ways(case, entries, has_rating=rating is not None, at=at),
        "settle_asked": journeys.settle_asked(entries) if case.status in OPEN_STATUSES else None,
    }
    context["stage"] = _stage(context)
    return render(request, "consumer/progress.html", context, status=status)


def _ways(case: CaseCard, entries: list[Any], *, has_rating: bool, at: datetime) -> dict[str, Any]:
    """What the person can do now."""
    urged = [entry.at for entry in entries if entry.kind == "URGED"]
    ended_at = case.closed_at or case.resolved_at
    return {
        "is_open": case.status in OPEN_STATUSES,
        "higher_at": journeys.escalates_again_at(entries, at),
        "urges": len(urged),
        "urge_at": urges_again_at(urged, at, ZoneInfo(settings.TIME_ZONE)),
        "may_reopen": may_reopen(case.status, ended_at, at) and not case.merged_into_id,
        "may_rate": case.status in {Status.RESOLVED, Status.CLOSED}
        and not (has_rating or case.merged_into_id),
        "may_confirm": case.status == Status.RESOLVED,
    }


def _notices(request: HttpRequest, case: CaseCard) -> dict[str, Any]:
    """How he is told, and what he typed where that was refused; nothing where he left no way to reach him."""
    if case.contact_id is None:
        return {"told": None}
    wish = notice_wish(contact_id=case.contact_id, about=f"case:{case.id}")
    masked, posted = masked_contact(case.contact_id), request.POST
    default = "EMAIL" if masked.email else "SMS"
    return {
        "told": masked,
        "channel": posted.get("channel") or wish.channel or default,
        "email": posted.get("email", wish.email),
        "quiet_from": posted.get("quiet_from") or str(wish.quiet_from.hour),
        "quiet_until": posted.get("quiet_until") or str(wish.quiet_until.hour),
        "hours": [(str(hour), f"{hour:02}:00") for hour in range(24)],
        "is_choosing": "channel" in posted,
    }


def _money(card: ProposalCard | None) -> dict[str, Any]:
    if card is None:
        return {"proposal": None}
    sums = [(line, yuan(line.amount_fen)) for line in card.lines]
    # a sum that a person settled otherwise than the rules: the lines still add up to it
    rest = card.amount_fen - sum(line.amount_fen for line in card.lines)
    return {
        "proposal": card,
        "proposal_yuan": yuan(card.amount_fen),
        "proposal_sums": sums,
        "proposal_more": yuan(rest) if rest > 0 else "",
        "proposal_less": yuan(-rest) if rest < 0 else "",
    }


def _stage(page: dict[str, Any]) -> str:
    """What decides which forms the page offers: they are fetched again when it changes."""
    case, proposal = page["case"], page["proposal"]
    stage = "OPEN" if page["is_open"] else case.status
    offer = f"-{proposal.proposal_id}{proposal.state}" if proposal else ""
    pressed = f"-pressed{page['urges']}" if page["urge_at"] else ""
    asked = "-asked" if page["settle_asked"] else ""
    return f"{stage}{asked}-{int(page['may_rate'])}{'-up' if page['higher_at'] else ''}{pressed}{offer}"


@require_safe
def photo(request: HttpRequest, token: str, file_id: UUID) -> HttpResponse:
    """The small picture of a file that the person sent himself; nobody else's, and none of staff's."""
    case = get_case_by_token(token)
    mine = {line.file_id for line in list_evidence(case.id, audience="PUBLIC") if line.has_thumbnail}
    if file_id not in mine:
        raise Http404
    body = open_file(access_file(viewer=SYSTEM_VIEWER, file_id=file_id), thumbnail=True)
    return HttpResponse(body, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})
