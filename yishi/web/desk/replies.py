"""Saved replies: found by a few letters beside the reply box, filled for the case, kept with versions."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.automation.queries.filling import filled, previews
from yishi.cases.queries.cards import access_case
from yishi.cases.rules.categories import CATEGORIES
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.knowledge.actions.replies import archive_reply, save_reply
from yishi.knowledge.queries.replies import ReplyCard, access_reply, find_replies, list_replies, versions_of
from yishi.knowledge.rules.replies import VARIABLES
from yishi.network.queries import list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.choices import scopes
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.shared import words


@staff_page(Permission.CASE_WRITE)
@require_safe
def find(request: HttpRequest, viewer: Viewer, case_no: str) -> HttpResponse:
    """What fits the letters typed and the case, as a list beside the reply box."""
    case = access_case(viewer=viewer, case_no=case_no)
    said = request.GET.get("saved", "")[:60]
    found = find_replies(viewer=viewer, words=said, category=case.category, language=case.language)
    texts = previews([one.body for one in found], case=case, viewer=viewer, at=now())
    values = {"found": list(zip(found, texts, strict=True)), "case": case, "saved": said}
    return render(request, "desk/replies_found.html", values)


@staff_page(Permission.CASE_WRITE)
@require_safe
def fill(request: HttpRequest, viewer: Viewer, case_no: str, reply_id: int) -> HttpResponse:
    """One saved reply with this case's values in it; whoever has not got the case sees the name masked."""
    case, reply = access_case(viewer=viewer, case_no=case_no), access_reply(viewer=viewer, reply_id=reply_id)
    return JsonResponse({"text": filled(reply.body, case=case, viewer=viewer, at=now())})


@staff_page(Permission.CASE_WRITE)
@require_safe
def replies(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All that this person can use."""
    values = {
        "here": "replies",
        "replies": list_replies(viewer),
        "scope_words": dict(scopes(viewer, every=True)),
        "today": now().date(),
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "desk/replies.html", values)


@staff_page(Permission.CASE_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, viewer: Viewer, reply_id: int | None = None) -> HttpResponse:
    """One saved reply: read, changed, or written anew."""
    found = access_reply(viewer=viewer, reply_id=reply_id) if reply_id is not None else None
    if request.method != "POST":
        return _page(request, viewer, found)
    try:
        kept = save_reply(reply_id=reply_id, by=viewer, at=now(), **_said(request))
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, found, refusal)
    return HttpResponseRedirect(f"{reverse('desk:saved_replies')}?done=kept#reply-{kept}")


@staff_page(Permission.CASE_WRITE)
@require_POST
def archive(request: HttpRequest, viewer: Viewer, reply_id: int) -> HttpResponse:
    archive_reply(reply_id=reply_id, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('desk:saved_replies')}?done=archived")


def _said(request: HttpRequest) -> dict[str, Any]:
    said = request.POST
    return {
        "version": whole_number(said.get("version", "")),
        "title": said.get("title", ""),
        "body": said.get("body", ""),
        "scope": said.get("scope", ""),
        "outlet_code": said.get("outlet", ""),
        "language": said.get("language", "zh-hans"),
        "categories": [value for value in said.getlist("categories") if value in CATEGORIES],
        "review_date": _day(said.get("review_date", "")),
    }


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _page(
    request: HttpRequest, viewer: Viewer, found: ReplyCard | None, refusal: Refusal | None = None
) -> HttpResponse:
    shown: dict[str, Any] = _said(request) if refusal else {}
    if found is not None and not refusal:
        shown = {name: getattr(found, name) for name in ("title", "body", "scope", "outlet_code", "language",
                                                         "categories", "review_date")}  # fmt: skip
    values = {
        "here": "replies",
        "reply": found,
        "shown": shown,
        "versions": versions_of(found.id) if found else [],
        "scopes": scopes(viewer),
        "outlets": list_outlets(viewer),
        "categories": [(v, words.CATEGORIES.get(v, v)) for v, r in CATEGORIES.items() if r.is_claimable],
        "variables": list(VARIABLES.values()),
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "desk/reply_edit.html", values, status=status)
