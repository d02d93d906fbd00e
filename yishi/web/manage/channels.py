"""The ways by which people reach us: how each stands, its settings without its secrets, what was not read."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.conversations.actions.accounts import (
    add_account,
    change_account,
    pause_account,
    renew_push_key,
)
from yishi.conversations.actions.take_in import read_again
from yishi.conversations.port import ChannelCard
from yishi.conversations.queries.accounts import plugins
from yishi.conversations.queries.health import (
    ChannelHealth,
    get_channel_health,
    list_channel_health,
)
from yishi.conversations.queries.unread import count_unread, get_unread, list_unread
from yishi.kit.clock import now
from yishi.kit.errors import NotFound, Refusal
from yishi.network.queries import list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.unread import why
from yishi.web.shared.words import Sign

PAUSED = Sign(_("已停用"), "stop", "is-bad")
FAILING = Sign(_("收不到"), "alert", "is-bad")
UNREAD = Sign(_("有读不懂的"), "alert", "is-warn")
FORGED = Sign(_("有签名不对的"), "lock", "is-warn")
SILENT = Sign(_("还没有来过消息"), "pause", "is-idle")
WELL = Sign(_("正常"), "ok", "is-good")


def sign_of(one: ChannelHealth) -> Sign:
    """The worst first. A reason without a pause is a fault that is tried again."""
    if one.is_paused:
        return PAUSED
    if one.paused_reason:
        return FAILING
    if one.quarantined:
        return UNREAD
    if one.bad_signatures:
        return FORGED
    return WELL if one.heard_at else SILENT


@staff_page(Permission.FEEDS_MANAGE)
@require_safe
def channels(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    values = {
        "here": "manage",
        "tab": "channels",
        "channels": [(one, sign_of(one)) for one in list_channel_health(viewer=viewer)],
        "unread_count": count_unread(viewer=viewer),
    }
    return desk_page(request, viewer, "manage/channels.html", values, at=now())


@staff_page(Permission.FEEDS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Choose a channel, fill its form; the push address is shown in the answer and never again."""
    said = request.POST if request.method == "POST" else request.GET
    plugin = said.get("plugin", "")
    card = plugins()[plugin][0] if plugin in plugins() else None
    typed = {field.name: said.get(f"set-{field.name}", "") for field in card.settings} if card else {}
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "channels",
        "plugins": sorted((card.label, name) for name, (card, _reader) in plugins().items()),
        "card": card,
        "typed": said,
        "fields": _fields(card, typed) if card else [],
        "outlets": list_outlets(viewer),
    }
    if request.method != "POST":
        return desk_page(request, viewer, "manage/channel_new.html", values)
    code = said.get("code", "").strip()
    try:
        _id, key = add_account(
            code=code,
            plugin=plugin,
            label=said.get("label", ""),
            settings=_settings(request, card),
            outlet=said.get("outlet", ""),
            has_assistant=bool(said.get("has_assistant")),
            by=viewer,
            at=now(),
        )
    except Refusal as refusal:
        values["refused"] = words_of(refusal)
        return desk_page(request, viewer, "manage/channel_new.html", values, status=refusal.status)
    return _one(request, viewer, code, key=key)


def _fields(card: ChannelCard, values: dict[str, str], known: frozenset[str] = frozenset()) -> list[Any]:
    """Each setting with its value; of a secret only whether it is set."""
    return [
        (field, "" if field.is_secret else values.get(field.name, ""), field.name in known)
        for field in card.settings
    ]


def _settings(request: HttpRequest, card: ChannelCard | None) -> dict[str, str]:
    """What was typed, of the settings that the channel knows."""
    names = [field.name for field in card.settings] if card else []
    return {name: request.POST[f"set-{name}"].strip() for name in names if f"set-{name}" in request.POST}


@staff_page(Permission.FEEDS_MANAGE)
@require_safe
def channel(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    return _one(request, viewer, code)


def _one(
    request: HttpRequest, viewer: Viewer, code: str, *, key: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    one = get_channel_health(viewer=viewer, code=code)
    unread = [(each, why(each.reason)) for each in list_unread(viewer=viewer, code=code)]
    values = {
        "here": "manage",
        "tab": "channels",
        "channel": one,
        "sign": sign_of(one),
        "fields": _fields(one.card, one.settings, one.secrets),
        "address": request.build_absolute_uri(f"/channels/{code}/{key}") if key else "",
        "unread": unread,
        "outlets": list_outlets(viewer),
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    answer = desk_page(request, viewer, "manage/channel.html", values, status=status, at=now())
    answer["Cache-Control"] = "no-store"
    return answer


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def change(request: HttpRequest, viewer: Viewer, code: str, what: str) -> HttpResponse:
    """One of: settings, pause, resume, address (a new one, shown on the answer)."""
    one = get_channel_health(viewer=viewer, code=code)
    at = now()
    try:
        if what == "address":
            key = renew_push_key(account_id=one.id, by=viewer, at=at)
            return _one(request, viewer, code, key=key)
        if what == "settings":
            change_account(
                account_id=one.id,
                settings=_settings(request, one.card),
                label=request.POST.get("label", one.label),
                outlet=request.POST.get("outlet", one.outlet_code),
                has_assistant=bool(request.POST.get("has_assistant")),
                by=viewer,
                at=at,
            )
        elif what == "pause":
            reason = request.POST.get("reason", "").strip() or str(_("人工停用"))
            pause_account(account_id=one.id, reason=reason, by=viewer, at=at)
        elif what == "resume":
            change_account(account_id=one.id, settings={}, by=viewer, at=at)
        else:
            raise NotFound()
    except NotFound:
        raise
    except Refusal as refusal:
        return _one(request, viewer, code, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:channel', args=[code])}?done={what}")


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def again(request: HttpRequest, viewer: Viewer, code: str, raw_id: int) -> HttpResponse:
    """A body that could not be read is read again, after its settings or its plug-in were mended."""
    one = get_channel_health(viewer=viewer, code=code)
    if get_unread(viewer=viewer, raw_id=raw_id)[0].channel_code != one.code:
        raise NotFound()
    taken = read_again(raw_id=raw_id, at=now())
    done = "still" if taken.is_quarantined else "again"
    return HttpResponseRedirect(f"{reverse('manage:channel', args=[code])}?done={done}")
