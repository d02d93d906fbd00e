"""The JSON API: one router a noun, one door, one way to fail."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from yishi.api.auth import Key
from yishi.api.problems import install_problems


class _Api(NinjaAPI):
    """Ninja's own, with our name for each operation in the OpenAPI document."""

    def get_openapi_operation_id(self, operation: object) -> str:
        name = str(getattr(operation.view_func, "__name__"))  # type: ignore[attr-defined]  # noqa: B009
        module = operation.view_func.__module__.rsplit(".", 1)[-1]  # type: ignore[attr-defined]
        return f"{module}_{name}"


_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _fenced_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page of the API draws its arrows as data: images; nothing else is wider than on our own pages."""

    @wraps(view, assigned=())
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Content-Security-Policy"] = _DOCS_POLICY
        return response

    return page


api = _Api(
    title="驿使 Yishi",
    version="1",
    description="Customer care of a parcel network. Times are RFC 3339, money is integer fen.",
    openapi_url="/openapi.json",
    docs_url="/docs",
    docs_decorator=_fenced_in,
    auth=Key(),
    urls_namespace="api",
)
install_problems(api)
