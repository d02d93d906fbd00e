"""我的收货偏好: who proved his phone sees, states, changes and deletes his wishes, answers what was guessed
from a complaint, and gives or withdraws his consent to a placement. What was stays as history."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yishi.consignees.actions.codes import CodeExpired, agreed_phone
from yishi.consignees.actions.consents import Allowed, give_consent, withdraw_consent
from yishi.consignees.actions.notices import mute_notices, name_backup
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import answer_proposal, change_wish, state_wish, withdraw_wish
from yishi.consignees.queries import backup_of, find_contact_ids, mask_of_code, own_wishes, unwanted_of
from yishi.consignees.rules import OWN, window_of
from yishi.kit import clock
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.personal import mask_phone
from yishi.notifications.actions.codes import ask_backup
from yishi.shipments.rules.waybills import fit_text, normalise_waybill_no
from yishi.web.consumer import wish_words as said
from yishi.web.consumer.doors import (
    check_code_request,
    check_code_try,
    check_look_up,
    check_own_words,
    proven_phone,
)

CHANNEL = "web"
SAME = "same"
"""A wish that is changed ends when it would have ended."""


@dataclass(frozen=True)
class _Said:
    """What was posted by whoever proved this phone."""

    phone: str
    posted: QueryDict
    at: datetime

    def text(self, name: str, most: int = 200) -> str:
        return fit_text(self.posted.get(name, "")).strip()[:most]

    @property
    def row_id(self) -> int:
        number = self.posted.get("id", "")
        return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0

    @property
    def until(self) -> datetime | None:
        days = self.posted.get("until", "")
        return self.at + timedelta(days=int(days)) if days and days in said.UNTIL else None

    @property
    def value(self) -> str:
        """The hours as a wish holds them, or the words."""
        days, begins, ends = (self.text(name) for name in ("days", "begins", "ends"))
        return f"{days} {begins}-{ends}".strip() if begins else self.text("value")


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """The page of the proven phone, else the form that asks for one; posted, one thing is done."""
    at, phone = clock.now(), proven_phone(request)
    check_look_up(request, at)
    if not phone:
        status = 403 if request.method == "POST" else 200
        return render(request, "consumer/mine_phone.html", {"to": "wishes"}, status=status)
    if request.method != "POST":
        return _page(request, phone, at)
    deed, posted = _DEEDS.get(request.POST.get("do", "")), _Said(phone, request.POST, at)
    if deed is None and request.POST.get("do") != "ask_backup":
        raise Http404
    check_own_words(phone, at)
    try:
        if deed is None:
            return _ask_backup(request, posted)
        if request.POST.get("do") == "backup":
            check_code_try(request, at)
        deed(posted)
    except Refusal as refusal:
        return _page(request, phone, at, refusal)
    return redirect("consumer:wishes")


def _state(posted: _Said) -> None:
    wish = Wish(
        kind=posted.posted.get("kind", ""),
        source=OWN,
        value=posted.value,
        address=posted.text("address", 300),
        valid_until=posted.until,
    )
    state_wish(phone=posted.phone, wish=wish, at=posted.at)


def _change(posted: _Said) -> None:
    until = posted.until
    if posted.posted.get("until") == SAME:
        standing = own_wishes(phone=posted.phone, at=posted.at).standing
        until = next((one.valid_until for one in standing if one.pk == posted.row_id), None)
    change_wish(
        phone=posted.phone, wish_id=posted.row_id, value=posted.value, valid_until=until, at=posted.at
    )


def _delete(posted: _Said) -> None:
    withdraw_wish(phone=posted.phone, wish_id=posted.row_id, at=posted.at)


def _answer(posted: _Said) -> None:
    is_wanted = posted.posted.get("answer") == "yes"
    answer_proposal(phone=posted.phone, proposal_id=posted.row_id, is_wanted=is_wanted, at=posted.at)


def _allow(posted: _Said) -> None:
    placement, number = posted.posted.get("placement", ""), posted.text("waybill_no", 40)
    waybill_no = normalise_waybill_no(number) if number else ""
    if waybill_no is None:
        raise Invalid([("/waybill_no", "bad_waybill_no", "单号写法不对")])
    allowed = Allowed(
        placement=placement,
        channel=CHANNEL,
        wording=str(said.WORDINGS.get(placement, "")),
        waybill_no=waybill_no,
        valid_until=posted.until,
    )
    give_consent(phone=posted.phone, allowed=allowed, by=None, at=posted.at)


def _withdraw(posted: _Said) -> None:
    withdraw_consent(phone=posted.phone, consent_id=posted.row_id, channel=CHANNEL, by=None, at=posted.at)


def _backup(posted: _Said) -> None:
    """He agreed by the code that was sent to him; without one, nobody from now on."""
    code_id, other = posted.text("code_id", 40), ""
    if code_id:
        try:
            other = agreed_phone(code_id=code_id, code=posted.text("code", 20), at=posted.at)
        except NotFound:
            raise CodeExpired() from None
    name_backup(phone=posted.phone, backup=other, called=posted.text("called", 40), at=posted.at)


def _ask_backup(request: HttpRequest, posted: _Said) -> HttpResponse:
    """Whom he wants to name is asked first."""
    other = posted.text("backup", 30)
    check_code_request(request, other, posted.at)
    code_id = ask_backup(phone=posted.phone, backup=other, at=posted.at, language=get_language() or "zh-hans")
    return redirect(f"{reverse('consumer:wishes')}?{urlencode({'agree': code_id})}#told")


def _ahead(posted: _Said) -> None:
    for contact_id in find_contact_ids(posted.phone):
        is_muted = posted.posted.get("wanted") != "yes"
        mute_notices(contact_id=contact_id, about="ahead", is_muted=is_muted, at=posted.at)


_DEEDS: dict[str, Callable[[_Said], None]] = {
    "state": _state,
    "change": _change,
    "delete": _delete,
    "answer": _answer,
    "backup": _backup,
    "ahead": _ahead,
    "allow": _allow,
    "withdraw": _withdraw,
}


def _page(request: HttpRequest, phone: str, at: datetime, refusal: Refusal | None = None) -> HttpResponse:
    found = own_wishes(phone=phone, at=at)
    stand = {one.kind for one in found.standing if not one.address}
    allowed = [one for one in found.consents if _is_in_force(one, at)]
    mine = find_contact_ids(phone)
    context: dict[str, Any] = {
        "backup": backup_of(mine[0]) if mine else None,
        **_asked(request),
        "is_told_ahead": not unwanted_of(mine, about="ahead"),
        "mask": mask_phone(phone),
        "standing": [
            (one, said.WISHES[one.kind], _source(one.source), window_of(one.value)) for one in found.standing
        ],
        "asked": [(one, said.WISHES[one.kind]) for one in found.asked],
        "quick": [(kind, said.WISHES[kind]) for kind in said.AT_ONE_TOUCH if kind not in stand],
        "places": [(kind, said.WISHES[kind]) for kind in said.AT_A_PLACE],
        "allowed": [(one, said.PLACEMENTS[one.placement]) for one in allowed],
        "wordings": said.WORDINGS.items(),
        "past": [(one, said.WISHES[one.kind], said.ENDS.get(one.ended_why, said.OVER)) for one in found.past],
        "past_consents": [
            (one, said.PLACEMENTS[one.placement]) for one in found.consents if one not in allowed
        ],
        "days": said.DAYS.items(),
        "hours": [f"{hour:02}:00" for hour in range(6, 24)],
        "spans": said.UNTIL.items(),
        "error": _words(refusal) if refusal else "",
    }
    return render(request, "consumer/wishes.html", context, status=refusal.status if refusal else 200)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The code that whom he wants to name was sent, where one is on its way."""
    code_id = request.POST.get("code_id") or request.GET.get("agree", "")
    mask = mask_of_code(code_id[:40]) if code_id else ""
    return {"code_id": code_id[:40], "code_mask": mask} if mask else {}


def _is_in_force(consent: Any, at: datetime) -> bool:
    return consent.withdrawn_at is None and (consent.valid_until is None or consent.valid_until >= at)


def _source(source: str) -> str:
    return str(said.SOURCES.get(source.upper(), said.NOTED))


def _words(refusal: Refusal) -> str:
    """What is wrong, and with a field what to change there."""
    told = refusal.errors[0][2] if isinstance(refusal, Invalid) and refusal.errors else ""
    return _(told) if told else refusal.title
