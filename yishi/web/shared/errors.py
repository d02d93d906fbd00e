"""What a reader sees when something did not work: what happened, that nothing was lost, the way on."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.kit.errors import DATABASE_AWAY, Refusal
from yishi.web.shared.clocks import words_for


class Words(NamedTuple):
    title: str | Promise
    explain: str | Promise
    icon: str = "alert"
    role: str = "is-idle"


_NO_CHANGE = _("什么都没改，先前写下的都在。")
PAGES: dict[int, Words] = {
    400: Words(_("这次没看懂"), _("链接或表单不完整。什么都没改，回到上一页再来一次就好。")),
    403: Words(
        _("这里你看不了"), _("这件事由别的网点或岗位负责。什么都没改；需要的话请找你的负责人。"), "lock"
    ),
    404: Words(
        _("没找到这一页"),
        _("链接可能少了几个字，或已经过期。你的包裹和投诉都还在，用运单号就能查到。"),
        "search",
    ),
    409: Words(_("情况刚刚变了"), _("你的内容没有丢。看一眼最新的情况，再决定要不要继续。"), "refresh"),
    413: Words(
        _("文件太大了"),
        _("每张照片最多 20 MB，一次一共 60 MB。少选几张再提交，文字已存在这台设备上。"),
        "camera",
    ),
    423: Words(_("试错太多次，先锁一会儿"), _NO_CHANGE, "lock", "is-warn"),
    429: Words(_("太频繁了，过一会儿再试"), _("什么都没丢，过一会儿再来就好。"), "clock", "is-warn"),
    500: Words(
        _("是我们出了错"), _("已经记下，会有人看。先前提交的都在；刚才那一步请再试一次。"), "alert", "is-bad"
    ),
    503: Words(_("现在忙不过来"), _("已经提交的都在。过一分钟再试，或直接打网点电话。"), "pause", "is-warn"),
}


def error_page(request: HttpRequest, status: int, title: str = "", explain: str = "") -> HttpResponse:
    """The page of a status, or for htmx the note that lands in `#notes`; `title` says it more exactly."""
    if not is_for_people(request):
        return HttpResponse(status=status)  # the API says it in its own words
    words = PAGES.get(status, PAGES[400 if status < 500 else 500])
    context = {
        "title": title or words.title,
        "explain": explain or words.explain,
        "icon": words.icon,
        "role": words.role,
        "way_url": reverse("consumer:look_up"),
        "way_word": _("去查快递"),
    }
    if request.headers.get("HX-Request") == "true":
        response = render(request, "yishi/refusal.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#notes", "innerHTML"
        response["HX-Reselect"] = ".y-note"
        return response
    return render(request, "yishi/error.html", context, status=status)


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """An expected failure as a page: its docstring is the title."""
    wait, explain = refusal.retry_after_s, ""
    if refusal.status == 429 and wait:
        explain = str(_("什么都没丢。%s后再来就好。")) % words_for(timedelta(minutes=-(-wait // 60)))
    title = "" if refusal.status == 404 else refusal.title
    response = error_page(request, refusal.status, title=title, explain=explain)
    if refusal.retry_after_s:
        response["Retry-After"] = str(refusal.retry_after_s)
    return response


def is_for_people(request: HttpRequest) -> bool:
    """JSON routes and callbacks of carriers answer for themselves."""
    return not request.path.startswith(("/api/", "/feeds/", "/health/", "/metrics"))


class ErrorPages:
    """Middleware: what a page's view raises becomes a page. The unexpected goes on to `server_error`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_for_people(request):
            return None
        if isinstance(exception, Refusal):
            return refusal_page(request, exception)
        if isinstance(exception, RequestDataTooBig):
            return error_page(request, 413)
        if isinstance(exception, MultiPartParserError):
            return error_page(request, 400)
        if isinstance(exception, DATABASE_AWAY):
            response = error_page(request, 503)
            response["Retry-After"] = "30"
            return response
        return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF refusal in plain words."""
    explain = str(_("这个页面开得太久了，或浏览器不收 Cookie。回到上一页刷新一下再来，写的字可以先复制。"))
    return error_page(request, 403, title=str(_("没有收下这次提交")), explain=explain)
