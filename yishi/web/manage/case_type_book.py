"""Types and workflows as a YAML file: taken away, tried, brought in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yishi.cases.actions.type_book import Brought, bring_in
from yishi.cases.queries.types import shelf
from yishi.cases.rules.type_book import MAX_CHARACTERS, write_book
from yishi.kit.clock import now
from yishi.kit.errors import Invalid
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page


class NotText(Invalid):
    """这个文件不是文字，应是 UTF-8 编码的 YAML"""

    code = "not_text"


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def export(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Everything that counts now, as the same file that can be brought in."""
    known = shelf()
    flows = [flow for key, flow in known.workflows.items() if key in known.active_workflows]
    response = HttpResponse(
        write_book(known.terms.values(), flows), content_type="application/yaml; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="case-types.yaml"'
    return response


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """First a trial that says what would change; then, with the same text, it is brought in."""
    if request.method != "POST":
        return _page(request, viewer, "")
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        text = _file_text(request) or text
        is_trial = request.POST.get("do") != "bring"
        brought = bring_in(text=text, why=request.POST.get("why", ""), is_trial=is_trial, by=viewer, at=now())
    except Invalid as refusal:
        return _page(request, viewer, text, refusal=refusal)
    if is_trial:
        return _page(request, viewer, text, brought=brought)
    return HttpResponseRedirect(f"{reverse('manage:case_types')}?done=brought")


def _file_text(request: HttpRequest) -> str:
    """The file's text; '' when none was chosen. Raises NotText."""
    file = request.FILES.get("file")
    if file is None:
        return ""
    try:
        body: bytes = file.read(4 * MAX_CHARACTERS)
        return body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise NotText() from None


def _page(
    request: HttpRequest,
    viewer: Viewer,
    text: str,
    *,
    brought: list[Brought] | None = None,
    refusal: Invalid | None = None,
) -> HttpResponse:
    effects = [each for each in brought or [] if each.effect != "SAME"]
    values = {
        "here": "manage",
        "tab": "types",
        "text": text,
        "why": request.POST.get("why", ""),
        "is_tried": brought is not None,
        "effects": effects,
        "same": len(brought or []) - len(effects),
        "faults": [detail for _pointer, _code, detail in refusal.errors] if refusal else [],
        "refused": refusal.title if refusal else "",
    }
    return desk_page(
        request, viewer, "manage/case_type_book.html", values, status=refusal.status if refusal else 200
    )
