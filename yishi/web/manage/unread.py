"""What no channel's plug-in could read: all of it in one place, why, its masked shape, again or put aside."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from yishi.conversations.actions.take_in import read_again
from yishi.conversations.actions.waiting import discard_unread
from yishi.conversations.queries.accounts import plugins
from yishi.conversations.queries.unread import get_unread, list_discarded, list_unread
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.masking import masked_talk
from yishi.web.manage.people import names_of
from yishi.web.manage.words import REASONS

_MORE: dict[str, str | Promise] = {
    "foreign_owner": _("是发给别的应用的"),
    "foreign_robot": _("是发给别的机器人的"),
    "no_key": _("加密了，这里没有填 EncodingAESKey"),
    "bad_seal": _("解不开，密钥不对"),
    "bad_key": _("EncodingAESKey 不对，应是 43 位"),
    "plugin_failed": _("程序没读懂"),
    "no_sender": _("看不出是谁写的"),
    "not_a_letter": _("不是一封邮件"),
    "bad_charset": _("大半的字认不出，编码不对"),
    "bounce_unmatched": _("是退信，找不到退的是哪一封"),
    "bad_call": _("电话的步骤不认识"),
    "no_call": _("没有通话编号"),
    "not_a_form": _("不是表单"),
}


def why(reason: str) -> str | Promise:
    """What was wrong with a body, in words."""
    return _MORE.get(reason) or REASONS.get(reason, reason)


@staff_page(Permission.FEEDS_MANAGE)
@require_safe
def unread(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Of all channels, the newest first; below what was put aside, by whom and why."""
    aside = list_discarded(viewer=viewer)
    names = names_of(one.settled_by for one in aside)
    values = {
        "here": "manage",
        "tab": "channels",
        "unread": [(one, why(one.reason), _kind(one.plugin)) for one in list_unread(viewer=viewer)],
        "aside": [(one, why(one.reason), names.get(one.settled_by, one.settled_by)) for one in aside],
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "manage/unread.html", values, at=now())


def _kind(plugin: str) -> str:
    return plugins()[plugin][0].label if plugin in plugins() else plugin


@staff_page(Permission.FEEDS_MANAGE)
@require_safe
def unread_one(request: HttpRequest, viewer: Viewer, raw_id: int) -> HttpResponse:
    return _one(request, viewer, raw_id)


def _one(
    request: HttpRequest, viewer: Viewer, raw_id: int, *, refusal: Refusal | None = None
) -> HttpResponse:
    found, body = get_unread(viewer=viewer, raw_id=raw_id)
    text, left_away = masked_talk(body, found.plugin)
    values = {
        "here": "manage",
        "tab": "channels",
        "one": found,
        "kind": _kind(found.plugin),
        "reason_word": why(found.reason),
        "size": len(body),
        "text": text,
        "left_away": left_away,
        "said": request.POST.get("reason", ""),
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/unread_one.html", values, status=status, at=now())


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def unread_again(request: HttpRequest, viewer: Viewer, raw_id: int) -> HttpResponse:
    """Once more through the same path; what still cannot be read stays with its new reason."""
    get_unread(viewer=viewer, raw_id=raw_id)
    if read_again(raw_id=raw_id, at=now()).is_quarantined:
        return HttpResponseRedirect(f"{reverse('manage:unread_one', args=[raw_id])}?done=still")
    return HttpResponseRedirect(f"{reverse('manage:unread')}?done=again")


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def unread_discard(request: HttpRequest, viewer: Viewer, raw_id: int) -> HttpResponse:
    """Put aside with a reason that is written down; nothing is deleted before its time."""
    try:
        discard_unread(raw_id=raw_id, reason=request.POST.get("reason", ""), by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _one(request, viewer, raw_id, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:unread')}?done=discarded")
