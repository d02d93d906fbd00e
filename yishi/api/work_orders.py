"""`POST /work-orders/{source}/{key}`: rows of work orders pushed by a source or by the operator's program."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yishi.api import problems
from yishi.cases.actions.work_order_rows import OrderSourcePaused, RowsUnreadable, hand_in
from yishi.cases.queries.work_order_sources import find_order_source_by_push
from yishi.kit.clock import now
from yishi.kit.errors import DATABASE_AWAY
from yishi.people.rules import SYSTEM_VIEWER

MAX_BODY = 4 * 1024 * 1024

# 快递100 wants these words of its other callbacks; programs read `run_id`
_TAKEN = {"result": True, "returnCode": "200", "message": "成功"}


@csrf_exempt
@require_POST
def push(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """200 once the rows are kept; a worker turns them into cases. 404 for an unknown key, 413 over 4 MB, 400
    for what cannot be read (nothing is kept of it), 503 while the source is paused."""
    try:
        found = find_order_source_by_push(code=source, key=key)
        if found is None:
            return HttpResponseNotFound()
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            return problems.too_large()
        run_id = hand_in(
            source=found,
            way="PUSH",
            body=request.body,
            content_type=request.content_type or "",
            is_confirmed=True,
            by=SYSTEM_VIEWER,
            at=now(),
        )
    except RowsUnreadable as refusal:
        return JsonResponse({"result": False, "returnCode": "400", "message": str(refusal)}, status=400)
    except OrderSourcePaused:
        return problems.unavailable()
    except DATABASE_AWAY:
        return problems.unavailable()
    return JsonResponse({**_TAKEN, "run_id": run_id})


urlpatterns = [path("<str:source>/<str:key>", push, name="push_work_orders")]
