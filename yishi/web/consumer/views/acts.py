"""What the person does on the page of his case: each verb is one action, then the page again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yishi.cases.actions.at_courier import say_settled
from yishi.cases.actions.escalate import escalate_case, withdraw_case
from yishi.cases.actions.floods import check_words
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import consumer_reply
from yishi.cases.actions.status import close_case
from yishi.cases.actions.urge import urge_case
from yishi.cases.queries.cards import CaseCard, get_case_by_token
from yishi.claims.actions.answer import NotOffered, accept_proposal, dispute_proposal
from yishi.claims.queries.proposals import proposal_of_case
from yishi.consignees.actions.notices import choose_notices
from yishi.consignees.rules import NoticeWish
from yishi.kit import clock
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.files import Upload, store_upload
from yishi.web.consumer.doors import check_look_up
from yishi.web.consumer.forms import SayForm
from yishi.web.consumer.views.progress import progress_page


@dataclass(frozen=True)
class _Deed:
    """What was posted, checked."""

    case: CaseCard
    text: str
    posted: QueryDict
    at: datetime
    files: list[UUID] = field(default_factory=list)


# the token in the address is the whole permission: no cookie decides anything here
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """One thing that the person does. A tab restored at this address gets the page itself."""
    if verb not in _ACTS:
        raise Http404
    if request.method != "POST":
        return redirect("consumer:progress", token=token)
    at, form = clock.now(), SayForm(request.POST, request.FILES, must_say=verb == "say")
    check_look_up(request, at)
    case = get_case_by_token(token)
    if not form.is_valid():
        return progress_page(request, token, form, status=422)
    text = form.cleaned_data.get("text", "")
    try:
        check_words(case_id=case.id, at=at)
        files = [_store(photo, at) for photo in form.chosen_photos] if verb == "say" else []
        with transaction.atomic():
            _ACTS[verb](_Deed(case, text, request.POST, at, files))
    except Refusal as refusal:
        form.add_error(None, _words(refusal))
        return progress_page(request, token, form, status=refusal.status)
    return redirect(f"/c/{token}#{_WHERE.get(verb, 'steps')}")


def _words(refusal: Refusal) -> str:
    """What is wrong, and with a field what to change there."""
    said = refusal.errors[0][2] if isinstance(refusal, Invalid) and refusal.errors else ""
    return _(said) if said else refusal.title


def _store(photo: "UploadedFile[Any]", at: datetime) -> UUID:
    upload = Upload(name=photo.name or "", content_type=photo.content_type or "", stream=photo)
    return store_upload(upload=upload, retention_class="EVIDENCE", at=at).id


def _say(deed: _Deed) -> None:
    consumer_reply(case_id=deed.case.id, text=deed.text, files=deed.files, at=deed.at)


def _urge(deed: _Deed) -> None:
    urge_case(case_id=deed.case.id, at=deed.at)


def _escalate(deed: _Deed) -> None:
    escalate_case(case_id=deed.case.id, reason=deed.text, by=None, at=deed.at)


def _withdraw(deed: _Deed) -> None:
    withdraw_case(case_id=deed.case.id, reason=deed.text, at=deed.at)


def _confirm(deed: _Deed) -> None:
    close_case(case_id=deed.case.id, at=deed.at)


def _reopen(deed: _Deed) -> None:
    reopen_case(case_id=deed.case.id, reason=deed.text, by=None, at=deed.at)


def _accept(deed: _Deed) -> None:
    accept_proposal(proposal_id=_offered(deed), at=deed.at)


def _dispute(deed: _Deed) -> None:
    dispute_proposal(proposal_id=_offered(deed), reason=deed.text, at=deed.at)


def _offered(deed: _Deed) -> int:
    """The proposal that the page showed, as long as it is this case's present one. Raises NotOffered."""
    card = proposal_of_case(deed.case.id)
    if card is None or deed.posted.get("proposal") != str(card.proposal_id):
        raise NotOffered()
    return card.proposal_id


def _agreed(deed: _Deed) -> None:
    say_settled(case_id=deed.case.id, is_settled=True, text=deed.text, at=deed.at)


def _not_agreed(deed: _Deed) -> None:
    say_settled(case_id=deed.case.id, is_settled=False, text=deed.text, at=deed.at)


def _tell(deed: _Deed) -> None:
    """How he wants to be told, and when not."""
    case, posted = deed.case, deed.posted
    if case.contact_id is None:
        raise NotFound()
    wish = NoticeWish(
        channel=posted.get("channel", ""),
        email=posted.get("email", "").strip(),
        quiet_from=_hour(posted.get("quiet_from", "")),
        quiet_until=_hour(posted.get("quiet_until", "")),
    )
    choose_notices(
        contact_id=case.contact_id, about=f"case:{case.id}", wish=wish, is_proven=case.is_verified, at=deed.at
    )


def _hour(said: str) -> time:
    try:
        return time(int(said))
    except ValueError:
        raise Invalid([("/quiet", "bad_time", "选几点到几点不打扰")]) from None


_ACTS: dict[str, Callable[[_Deed], None]] = {
    "say": _say,
    "urge": _urge,
    "escalate": _escalate,
    "withdraw": _withdraw,
    "confirm": _confirm,
    "reopen": _reopen,
    "accept": _accept,
    "dispute": _dispute,
    "tell": _tell,
    "agreed": _agreed,
    "not-agreed": _not_agreed,
}
# where the page opens again; at `said` it also forgets the draft of what has arrived
_WHERE = {"say": "said", "reopen": "said", "accept": "pay", "dispute": "pay", "tell": "tell"}
