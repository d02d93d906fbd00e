"""The page of one case: what is the matter, by when, what to do now; live beside what is typed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.automation.queries.filling import filled, previews
from yishi.automation.queries.macros import list_macros
from yishi.cases.actions.presence import note_here
from yishi.cases.queries.cards import CaseCard, access_case
from yishi.cases.queries.history import EvidenceLine, list_evidence, list_timeline
from yishi.cases.queries.talks import conversations_of_case
from yishi.cases.queries.tasks import count_waiting
from yishi.cases.queries.views import tags_of_case
from yishi.cases.rules.audiences import audience_of
from yishi.cases.rules.status import OPEN_STATUSES
from yishi.conversations.queries.inbox import list_of_case
from yishi.kit.clock import now
from yishi.kit.errors import NotFound, Refusal, Stale
from yishi.knowledge.queries.replies import ReplyCard, access_reply, find_replies
from yishi.network.queries import OutletCard
from yishi.people.queries import Colleague, colleagues_by_outlet
from yishi.people.rules import Permission, Viewer
from yishi.sla.queries.policies import province_of
from yishi.sla.queries.reasons import promises_in, reasons_of_case
from yishi.web.desk import choices
from yishi.web.desk.case_story import story_of
from yishi.web.desk.contacts import ContactSight, look
from yishi.web.desk.doors import staff_page
from yishi.web.desk.inbox import rows_of
from yishi.web.desk.once import asking_once, once
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.desk.parcels import parcel_of
from yishi.web.desk.sheets import sheets_of
from yishi.web.desk.stale import who_was_quicker
from yishi.web.shared import words
from yishi.web.shared.live import live_url

MOST_PLACES = 12
TYPED = ("text", "reason", "user", "outlet", "status", "remedy", "root_cause", "party", "validity",
         "category", "responsible", "finding_reason")  # fmt: skip


@staff_page(Permission.CASE_READ)
@require_safe
def case(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    found = access_case(viewer=viewer, case_no=case_no)
    note_here(case_id=found.id, case_no=case_no, is_typing=False, by=viewer, at=now())
    return case_page(request, viewer, case_no, step=request.GET.get("do", ""), found=found)


@staff_page(Permission.CASE_READ)
@require_POST
def reveal(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """The contact in full, written down; htmx swaps only its sheet, so nothing typed is lost."""
    at = now()
    found = access_case(viewer=viewer, case_no=case_no)
    try:
        sight = look(viewer, found, reason=request.POST.get("reason", ""), at=at)
    except Refusal as refusal:
        return case_page(request, viewer, case_no, refusal=refusal)
    if request.headers.get("HX-Request") != "true":
        return case_page(request, viewer, case_no, sight=sight)
    values = {"case": found, "page": _story(viewer, found, at), "contact": sight, "is_swap": True, "at": at}
    return render(request, "desk/case_contact.html", values)


@staff_page(Permission.CASE_READ)
@require_safe
@asking_once()
def news(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """After a nudge: head, clocks and history as they are now, and a word when somebody was quicker."""
    at = now()
    found = access_case(viewer=viewer, case_no=case_no)
    seen = request.GET.get("version", "")
    values = {
        "case": found,
        "page": _story(viewer, found, at),
        "at": at,
        "stale": who_was_quicker(found, seen=whole_number(seen)),
        "tasks_count": count_waiting(viewer=viewer, at=at),
        **sheets_of(viewer, found, at),
    }
    return render(request, "desk/case_news.html", values)


@staff_page(Permission.CASE_READ)
@require_safe
def live_again(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """A fresh ticket for a page whose line broke."""
    found = access_case(viewer=viewer, case_no=case_no)
    return JsonResponse({"address": _live(viewer, found)})


@asking_once()
def case_page(
    request: HttpRequest,
    viewer: Viewer,
    case_no: str,
    *,
    step: str = "",
    refusal: Refusal | None = None,
    sight: ContactSight | None = None,
    found: CaseCard | None = None,
) -> HttpResponse:
    """The whole page. After a refusal it holds what was typed, and who was quicker if that was why."""
    at = now()
    found = found or access_case(viewer=viewer, case_no=case_no)
    sheets = sheets_of(viewer, found, at)
    values: dict[str, Any] = {
        "here": "work",
        "case": found,
        "page": _story(viewer, found, at),
        "parcel": parcel_of(found),
        "evidence": [(one, _evidence_words(one)) for one in _evidence(viewer, found)],
        "contact": sight or look(viewer, found, at=at),
        "live": _live(viewer, found),
        "done": choices.done_words(request.GET.get("done", "")),
        "done_clears": f"{case_no}:{request.GET.get('done', '')}",
        **sheets,
        "earlier": sheets["links"].of_person,
        **_forms(request, viewer, found, step),
        "talks": rows_of(list_of_case(conversations_of_case(found.id), viewer=viewer)),
    }
    if isinstance(refusal, Stale):
        values["stale"] = who_was_quicker(found, seen=None)
    elif refusal is not None:
        values |= {"refused": words_of(refusal), "refused_files": step == "evidence"}
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/case.html", values, status=status, at=at)


def _story(viewer: Viewer, found: CaseCard, at: datetime) -> Any:
    lines = once(list_timeline, found.id, audience_of(viewer))
    promises = promises_in(once(reasons_of_case, found.id, province=once(province_of, found.id)))
    return story_of(found, lines, promises, at=at)


def _evidence(viewer: Viewer, found: CaseCard) -> list[EvidenceLine]:
    return once(list_evidence, found.id, audience=audience_of(viewer))


def _evidence_words(one: EvidenceLine) -> str:
    return _("顾客给的：%s") % one.name if one.author_kind == "CONSUMER" else _("我们加的：%s") % one.name


def _forms(request: HttpRequest, viewer: Viewer, found: CaseCard, step: str) -> dict[str, Any]:
    """What the forms offer, and what was typed into the one that was refused."""
    is_open, outlets = found.status in OPEN_STATUSES, choices.outlets_in_sight(viewer)
    macros = list_macros(viewer, category=found.category)
    steps = choices.steps(
        is_open=is_open, may_assign=viewer.may(Permission.CASE_ASSIGN), has_macros=bool(macros)
    )
    said = {name: request.POST.get(name, "") for name in TYPED} if request.method == "POST" else {}
    typed = {**said, step: said.get("reason") or said.get("text", ""), "to_status": said.get("status", "")}
    return {
        "may_write": viewer.may(Permission.CASE_WRITE),
        "case_is_open": is_open,
        "picks": steps,
        "step": step if step in {pick.step for pick in steps} else steps[0].step,
        "typed": typed if said else _filled(request, viewer, found),
        "used": request.POST.getlist("used") or request.GET.getlist("fill"),
        "saved": request.GET.get("saved", ""),
        "found": _saved(request, viewer, found),
        "macros": macros,
        "tags": tags_of_case(found.id),
        "priorities": [(value, sign.word) for value, sign in words.PRIORITIES.items()],
        "mates": _mates(viewer, found, outlets),
        "outlets": outlets,
        "chosen_outlet": said.get("outlet") or found.outlet_code or "",
        "chosen_user": whole_number(said.get("user", "")),
        "may_head_office": viewer.outlet_codes is None,
        "moves": choices.moves(found.status),
        "remedies": choices.REMEDIES.items(),
        "validities": choices.VALIDITIES.items(),
        "findings": choices.findings(),
    }


def _saved(request: HttpRequest, viewer: Viewer, found: CaseCard) -> list[tuple[ReplyCard, str]]:
    """Saved replies that were looked for without a script."""
    said = request.GET.get("saved", "")[:60]
    if not said:
        return []
    cards = find_replies(viewer=viewer, words=said, category=found.category, language=found.language)
    texts = previews([card.body for card in cards], case=found, viewer=viewer, at=now())
    return list(zip(cards, texts, strict=True))


def _filled(request: HttpRequest, viewer: Viewer, found: CaseCard) -> dict[str, str]:
    """A saved reply that was chosen without a script, in the reply box."""
    chosen = whole_number(request.GET.get("fill", ""))
    if chosen is None:
        return {}
    try:
        body = access_reply(viewer=viewer, reply_id=chosen).body
    except NotFound:
        return {}
    return {"reply": filled(body, case=found, viewer=viewer, at=now())}


def _mates(
    viewer: Viewer, found: CaseCard, outlets: Sequence[OutletCard]
) -> list[tuple[str, list[Colleague]]]:
    """To whom the case can be given, by place, its own first; the other places only where they are few."""
    places: dict[str | None, str] = {found.outlet_code: found.outlet_name or _("总部")}
    if len(outlets) <= MOST_PLACES:
        places |= {outlet.code: outlet.name for outlet in outlets}
    people = once(colleagues_by_outlet, viewer, tuple(places))
    return [(name, people[code]) for code, name in places.items() if people[code]]


def _live(viewer: Viewer, found: CaseCard) -> str:
    topics = [f"case:{found.case_no}", f"here:{found.case_no}", f"user:{viewer.user_id}"]
    return live_url(topics, viewer.name)
