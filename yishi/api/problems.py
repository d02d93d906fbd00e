"""Every refusal of the API as `application/problem+json`, in the reader's language."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from yishi.kit.errors import DATABASE_AWAY, Invalid, Refusal

FieldErrors = Sequence[tuple[str, str, str]]


class FieldProblem(Schema):
    pointer: str
    code: str
    detail: str


class Problem(Schema):
    """What went wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


def problem(
    *,
    code: str,
    status: int,
    title: str,
    detail: str = "",
    errors: FieldErrors = (),
    retry_after_s: int | None = None,
    extra: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer itself; `errors` are (JSON pointer, code, detail), `extra` further members of its own."""
    body = {
        "type": f"urn:yishi:error:{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "errors": [{"pointer": p, "code": c, "detail": d} for p, c, d in errors],
        **(extra or {}),
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type="application/problem+json; charset=utf-8",
    )
    if retry_after_s is not None:
        response["Retry-After"] = str(retry_after_s)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def refusal_problem(refusal: Refusal) -> HttpResponse:
    """An expected failure of an action."""
    errors = [(p, c, _(d)) for p, c, d in refusal.errors] if isinstance(refusal, Invalid) else []
    return problem(
        code=refusal.code,
        status=refusal.status,
        title=refusal.title,
        errors=errors,
        retry_after_s=refusal.retry_after_s,
        extra=refusal.extra,
    )


def unreadable(detail: str = "") -> HttpResponse:
    return problem(code="unreadable", status=400, title=_("内容读不懂"), detail=detail)


def too_large() -> HttpResponse:
    return problem(code="too_large", status=413, title=_("内容太大了"))


def wrong_type() -> HttpResponse:
    return problem(code="unsupported_type", status=415, title=_("不支持这种内容类型"))


def no_key() -> HttpResponse:
    return problem(code="no_key", status=401, title=_("没有密钥，或密钥无效"))


def unavailable() -> HttpResponse:
    return problem(
        code="unavailable", status=503, title=_("暂时不可用，请稍后再试，数据没有丢"), retry_after_s=5
    )


_WORDS = {
    "missing": ("missing_field", "这一项不能空"),
    "literal_error": ("bad_value", "没有这个选项"),
    "enum": ("bad_value", "没有这个选项"),
    "string_too_long": ("too_long", "太长了"),
    "list_type": ("bad_type", "应该是列表"),
    "extra_forbidden": ("unknown_field", "没有这个字段"),
}


def field_error(error: dict[str, Any]) -> tuple[str, str, str]:
    loc = error["loc"]
    # ninja says first where it read, and of a body the endpoint's parameter; a reader knows only the fields
    of_ninja = 0 if len(loc) < 2 or loc[0] not in {"body", "query", "path"} else 2 if loc[0] == "body" else 1
    pointer = "/" + "/".join(str(part) for part in (loc[of_ninja:] or loc[-1:]))
    code, words = _WORDS.get(error["type"], ("bad_value", "写法不对"))
    return pointer, code, _(words)


def _is_no_object(error: dict[str, Any]) -> bool:
    """Whether the whole body is something else than a JSON object; where a field is, the field is named."""
    is_whole = len(error["loc"]) <= 2  # ("body", the endpoint's parameter)
    return error["type"] == "json_invalid" or (
        is_whole and error["type"] in {"model_attributes_type", "dict_type"}
    )


def install_problems(api: NinjaAPI) -> None:
    """Teaches a ninja API to answer every failure as a problem."""

    @api.exception_handler(Refusal)
    def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return refusal_problem(refusal)

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [field_error(e) for e in error.errors]
        if any(_is_no_object(e) for e in error.errors):
            return unreadable()
        return problem(code="invalid", status=422, title=_("有一处要改"), errors=errors)

    @api.exception_handler(AuthenticationError)
    def on_no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return no_key()

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return (
            unreadable()
            if error.status_code == 400
            else problem(code="error", status=error.status_code, title=str(error))
        )

    @api.exception_handler(RequestDataTooBig)
    def on_too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return too_large()

    @api.exception_handler(TooManyFilesSent)
    def on_too_many_files(request: HttpRequest, error: TooManyFilesSent) -> HttpResponse:
        return too_large()

    def on_database_away(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return unavailable()

    for kind in DATABASE_AWAY:
        api.add_exception_handler(kind, on_database_away)
