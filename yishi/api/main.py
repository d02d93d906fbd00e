"""The JSON API: one router a noun, one door, one way to fail."""

from ninja import NinjaAPI

from yishi.api.auth import Key
from yishi.api.problems import install_problems


class _Api(NinjaAPI):
    """Ninja's own, with our name for each operation in the OpenAPI document."""

    def get_openapi_operation_id(self, operation: object) -> str:
        name = str(getattr(operation.view_func, "__name__"))  # type: ignore[attr-defined]  # noqa: B009
        module = operation.view_func.__module__.rsplit(".", 1)[-1]  # type: ignore[attr-defined]
        return f"{module}_{name}"


api = _Api(
    title="驿使 Yishi",
    version="1",
    description="Customer care of a parcel network. Times are RFC 3339, money is integer fen.",
    openapi_url="/openapi.json",
    docs_url="/docs",
    auth=Key(),
    urls_namespace="api",
)
install_problems(api)
