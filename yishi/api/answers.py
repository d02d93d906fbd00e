"""Whatever the API does not answer itself, Django does with a page: that becomes a problem, never cached."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yishi.api.problems import problem

_CODES = {
    400: ("unreadable", "内容读不懂"),
    403: ("not_allowed", "你的岗位不能做这件事"),
    404: ("not_found", "没有找到"),
    405: ("method_not_allowed", "这个地址不支持这种方法"),
    413: ("too_large", "内容太大了"),
    500: ("server_error", "是我们出了错"),
    503: ("unavailable", "现在忙不过来"),
}


class ProblemAnswers:
    """Middleware: to programs every failure is `application/problem+json`, and no answer may be cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not f"{request.path_info}/".startswith(("/api/", "/feeds/")):
            return response
        if response.status_code >= 400 and response.get("Content-Type", "").startswith("text/html"):
            response = _as_problem(response)
        response.setdefault("Cache-Control", "no-store")
        return response


def _as_problem(page: HttpResponse) -> HttpResponse:
    code, title = _CODES.get(page.status_code, _CODES[400 if page.status_code < 500 else 500])
    answer = problem(code=code, status=page.status_code, title=_(title))
    for name in ("Allow", "Retry-After"):
        if name in page:
            answer[name] = page[name]
    return answer
