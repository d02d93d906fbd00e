"""Webhooks on a page: what programs are told, what could not be told and why, sent again by one touch."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.kit.clock import now
from yishi.kit.errors import NotFound, Refusal
from yishi.notifications.actions.webhooks import (
    add_webhook,
    pause_webhook,
    remove_webhook,
    rotate_secret,
    send_again,
    send_test,
)
from yishi.notifications.queries.webhooks import CallCard, get_webhook, last_test, list_calls, list_webhooks
from yishi.notifications.rules import WEBHOOK_EVENTS
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.words import CALL_ERRORS, CALL_EVENTS, PAUSED_CALLS

_CHANGES = frozenset({"pause", "resume", "remove", "again", "test"})


@staff_page(Permission.WEBHOOKS)
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list, and a form for one more; its secret is shown on the answer to the form and never again."""
    if request.method != "POST":
        return _list(request, viewer)
    events = request.POST.getlist("events")
    try:
        _, secret = add_webhook(url=request.POST.get("url", ""), events=events, by=viewer, at=now())
    except Refusal as refusal:
        return _list(request, viewer, refusal=refusal)
    return _list(request, viewer, secret=secret)


def _list(
    request: HttpRequest, viewer: Viewer, *, refusal: Refusal | None = None, secret: str = ""
) -> HttpResponse:
    chosen = request.POST.getlist("events") if refusal else []
    values = {
        "here": "manage",
        "tab": "webhooks",
        "webhooks": [(card, _pause_words(card.paused_reason)) for card in list_webhooks(viewer=viewer)],
        "events": [(event, CALL_EVENTS[event], event in chosen) for event in WEBHOOK_EVENTS],
        "url": request.POST.get("url", "") if refusal else "",
        "secret": secret,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    answer = desk_page(request, viewer, "manage/webhooks.html", values, status=status, at=now())
    answer["Cache-Control"] = "no-store"
    return answer


def _pause_words(reason: str) -> str:
    return str(PAUSED_CALLS.get(reason, reason))


@staff_page(Permission.WEBHOOKS)
@require_safe
def webhook(request: HttpRequest, viewer: Viewer, webhook_id: int) -> HttpResponse:
    """One webhook: what it has not been told, with the reason of each, and what came of the last test."""
    return _one(request, viewer, webhook_id)


def _one(
    request: HttpRequest,
    viewer: Viewer,
    webhook_id: int,
    *,
    secret: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:
    card = get_webhook(viewer=viewer, webhook_id=webhook_id)
    calls = list_calls(viewer=viewer, webhook_id=webhook_id)
    test = last_test(viewer=viewer, webhook_id=webhook_id)
    values = {
        "here": "manage",
        "tab": "webhooks",
        "webhook": card,
        "paused": _pause_words(card.paused_reason),
        "events": [CALL_EVENTS[event] for event in card.events],
        "calls": [(call, CALL_EVENTS[call.event], _error_words(call)) for call in calls],
        "test": test,
        "test_error": _error_words(test) if test else "",
        "secret": secret,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/webhook.html", values, status=status, at=now())


def _error_words(call: CallCard) -> str:
    return str(CALL_ERRORS.get(call.last_error, call.last_error))


@staff_page(Permission.WEBHOOKS)
@require_POST
def change(request: HttpRequest, viewer: Viewer, webhook_id: int, what: str) -> HttpResponse:
    """Paused, let go on, taken away, sent again, tested, or signed anew: the secret stands on the answer."""
    if what == "secret":
        return _one(
            request, viewer, webhook_id, secret=rotate_secret(webhook_id=webhook_id, by=viewer, at=now())
        )
    if what not in _CHANGES:
        raise NotFound()
    if what == "remove":
        remove_webhook(webhook_id=webhook_id, by=viewer, at=now())
        return HttpResponseRedirect(f"{reverse('manage:webhooks')}?done=remove")
    if what == "again":
        call = request.POST.get("call", "")
        call_id = int(call) if call.isdecimal() and len(call) < 18 else None
        send_again(webhook_id=webhook_id, call_id=call_id, by=viewer, at=now())
    elif what == "test":
        try:
            send_test(webhook_id=webhook_id, by=viewer, at=now())
        except Refusal as refusal:
            if refusal.status == NotFound.status:
                raise
            return _one(request, viewer, webhook_id, refusal=refusal)
    else:
        pause_webhook(webhook_id=webhook_id, reason="by hand" if what == "pause" else "", by=viewer)
    return HttpResponseRedirect(f"{reverse('manage:webhook', args=[webhook_id])}?done={what}")
