"""拦截 on a case's page: who has the parcel and must act, until when, who was stopped, how it came out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yishi.cases.actions.interceptions import conclude, free_parcel, intercept
from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.interceptions import InterceptionCard, interception_of_case
from yishi.cases.queries.sayings import sentence_of
from yishi.cases.queries.words.interceptions import asked_words, holder_words
from yishi.kit.files import Upload, store_upload
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.stops import StopCard, stops_of
from yishi.sla.queries.clocks import ClockCard, clock_of
from yishi.web.desk.deeds import Deed, do_on_case
from yishi.web.desk.doors import staff_page
from yishi.web.desk.parcels import courier_words
from yishi.web.shared.words import Sign

MAX_FILES = 6
ASKING = frozenset({"INTERCEPT", "RETURN", "REDIRECT"})


class Held(NamedTuple):
    said: str
    at: datetime


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """The interception of this case; where there is none, whether one can be begun."""
    card = interception_of_case(case.id)
    may_ask = case.is_open and case.shipment_id is not None and viewer.may(Permission.CASE_WRITE)
    if card is None and not may_ask:
        return {}
    return {
        "interception": {
            "card": card,
            "is_asked_for": case.category in ASKING,
            "may_ask": may_ask and (card is None or not card.is_running),
            "may_write": viewer.may(Permission.CASE_WRITE),
            "asks": [(value, asked_words(value)) for value in ("RETURN", "NEW_ADDRESS", "HOLD")],
            **(_shown(card, case) if card else {}),
        }
    }


def _shown(card: InterceptionCard, case: CaseCard) -> dict[str, Any]:
    data = {"state": card.state, "why": card.why, "asked": card.asked}
    return {
        "sign": sign_of(card.state),
        "asked": asked_words(card.asked),
        "holder": holder_words(card.holder, card.outlet_name),
        "courier": courier_words(case.carrier, card.courier),
        "who": card.outlet_name or _("总部"),
        "clock": _clock(card),
        "held": [Held(sentence_of("INTERCEPT_HELD", {**vars(one), "at": ""}), one.at) for one in card.held],
        "result": "" if card.is_running else sentence_of("INTERCEPT_ENDED", data),
    }


def _clock(card: InterceptionCard) -> ClockCard | None:
    return clock_of(subject_kind="INTERCEPT", subject_id=card.id) if card.is_running else None


def sign_of(state: str) -> Sign:
    """The state as word, icon and colour."""
    return {
        "RUNNING": Sign(_("正在拦"), "stop", "is-warn"),
        "STOPPED": Sign(_("拦住了"), "ok", "is-good"),
        "TOO_LATE": Sign(_("来不及了"), "clock", "is-bad"),
        "REFUSED": Sign(_("不能拦"), "x", "is-idle"),
        "MISSED": Sign(_("没拦住"), "alert", "is-bad"),
    }.get(state, Sign(_("不用拦了"), "undo", "is-idle"))


class StopLine(NamedTuple):
    """A running stop in words, for the page of a parcel."""

    said: str
    stop: StopCard


def stop_lines(shipment_id: int) -> list[StopLine]:
    """What holds a parcel back now."""
    words = {"WANTED_BY_CASE": _("有工单在找这一件"), "FREIGHT_UNPAID": _("运费还没收到")}
    return [
        StopLine(words.get(stop.reason) or _("拦截：%s") % asked_words(stop.asked), stop)
        for stop in stops_of(shipment_id)
    ]


def _do(request: HttpRequest, viewer: Viewer, case_no: str, done: str, deed: Deed) -> HttpResponse:
    return do_on_case(
        request, viewer, case_no, deed, done=done, step="intercept", anchor="interception", is_whole=False
    )


@staff_page(Permission.CASE_WRITE)
@require_POST
def ask(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """Stops the parcel, from now on, at every scanner; or says that it is too late."""
    said = request.POST

    def deed(case: CaseCard, at: datetime) -> str:
        asked, address = said.get("asked", ""), said.get("address", "")
        intercept(case_id=case.id, asked=asked, address=address, by=viewer, at=at)
        card = interception_of_case(case.id)
        return "intercept" if card and card.is_running else "too_late"

    return _do(request, viewer, case_no, "", deed)


@staff_page(Permission.CASE_WRITE)
@require_POST
def end(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """How it came out, with what shows it."""
    said = request.POST

    def deed(case: CaseCard, at: datetime) -> None:
        sent = request.FILES.getlist("files")[:MAX_FILES]
        uploads = [Upload(name=f.name or "", content_type=f.content_type or "", stream=f) for f in sent]
        files = [store_upload(upload=one, retention_class="EVIDENCE", at=at).id for one in uploads]
        conclude(
            case_id=case.id, state=said.get("state", ""), text=said.get("text", ""), files=files,
            by=viewer, at=at,
        )  # fmt: skip

    return _do(request, viewer, case_no, "intercepted", deed)


@staff_page(Permission.CASE_WRITE)
@require_POST
def free(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """Lets a stopped parcel go its new way."""
    reason = request.POST.get("reason", "")
    return _do(
        request, viewer, case_no, "freed",
        lambda case, at: free_parcel(case_id=case.id, reason=reason, by=viewer, at=at),
    )  # fmt: skip
