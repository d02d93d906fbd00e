"""Files of head office on pages: handed in, looked at before anything is written, taken, undone."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.feeds.actions.files import (
    MOST_BYTES,
    WrongFile,
    ask_undo,
    confirm_import,
    drop_import,
    open_import,
)
from yishi.feeds.queries.files import (
    FileCard,
    access_import,
    count_refusals,
    list_imports,
    list_refusals,
    list_waiting_people,
)
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.files import Upload
from yishi.kit.personal import log_look
from yishi.kit.texts import safe_cell
from yishi.network.queries import list_carriers, list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.import_words import CONTACTS, FILE_REASONS, ROW_REASONS, STATES
from yishi.web.shared.errors import error_page
from yishi.web.shared.words import EVENT_KINDS

_FORM_OVERHEAD = 1024 * 1024
_SHOWN_REFUSALS = 50


@staff_page(Permission.FILES_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list, and the form; a file that is refused is refused here, with what it lacks."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + _FORM_OVERHEAD:
        return error_page(request, 413)
    if request.method != "POST":
        return _list(request, viewer)
    given = request.FILES.get("file")
    try:
        if given is None:
            raise Invalid([("/file", "missing_field", "选一个文件")])
        import_id = open_import(
            upload=Upload(name=given.name or "", content_type=given.content_type or "", stream=given),
            carrier=_chosen(request, "carrier", [carrier.code for carrier in list_carriers()]),
            outlet_code=_chosen(request, "outlet", [o.code for o in list_outlets(viewer)]),
            by=viewer,
            at=now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _list(request, viewer, refusal)
    return HttpResponseRedirect(reverse("manage:import", args=[import_id]))


def _chosen(request: HttpRequest, name: str, among: list[str]) -> str:
    """The chosen code; where there is one alone it needs no choice."""
    said = request.POST.get(name, "")
    return said if said in among else ""


def _list(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    cards = list_imports(viewer=viewer)
    outlets = list_outlets(viewer)
    names = {outlet.code: outlet.name for outlet in outlets}
    values = {
        "here": "manage",
        "tab": "imports",
        "waiting": len(list_waiting_people(viewer=viewer)),
        "imports": [(card, STATES[card.state], names.get(card.outlet_code, "")) for card in cards],
        "carriers": list_carriers(),
        "outlets": outlets,
        "sees_all": viewer.outlet_codes is None,
        "chosen_carrier": request.POST.get("carrier", ""),
        "chosen_outlet": request.POST.get("outlet", ""),
        "wrong": _wrong_words(refusal) if refusal else {},
        "most_mb": MOST_BYTES // (1024 * 1024),
    }
    return desk_page(
        request, viewer, "manage/imports.html", values, status=refusal.status if refusal else 200
    )


def _wrong_words(refusal: Refusal) -> dict[str, Any]:
    """What is wrong with a file, and the layout that comes nearest."""
    if not isinstance(refusal, WrongFile):
        return {"title": words_of(refusal), "import_id": refusal.values.get("import_id")}
    reason = str(refusal.values["why"])
    return {
        "title": _("认不出这是哪种表")
        if refusal.values.get("nearest")
        else str(FILE_REASONS.get(reason, reason)),
        "nearest": refusal.values.get("nearest", ""),
        "missing": refusal.values.get("missing", ()),
    }


@staff_page(Permission.FILES_IMPORT)
@require_safe
def one(request: HttpRequest, viewer: Viewer, import_id: int) -> HttpResponse:
    return _one(request, viewer, import_id)


@staff_page(Permission.FILES_IMPORT)
@require_safe
def state(request: HttpRequest, viewer: Viewer, import_id: int) -> HttpResponse:
    """The part of the page that changes while the worker is at it."""
    return _one(request, viewer, import_id, template="manage/_import.html")


def _one(
    request: HttpRequest,
    viewer: Viewer,
    import_id: int,
    refusal: Refusal | None = None,
    template: str = "manage/import.html",
) -> HttpResponse:
    card = access_import(viewer=viewer, import_id=import_id)
    values = {
        "here": "manage",
        "tab": "imports",
        "card": card,
        "sign": STATES[card.state],
        "error": FILE_REASONS.get(card.error, card.error),
        "percent": 100 * card.position // card.total if card.total else 0,
        "preview": _preview(card) if card.state == "READY" else None,
        "waiting": len(list_waiting_people(viewer=viewer)),
        "reasons": _reasons(card),
        "refusals": [
            (row, card.sheets[row.sheet], _number_of(row.cells), ROW_REASONS.get(row.reason, row.reason))
            for row in list_refusals(import_id=import_id, limit=_SHOWN_REFUSALS)
        ],
        "refused": words_of(refusal) if refusal else "",
        "rows": card.accepted + card.duplicate + card.rejected,
    }
    return desk_page(request, viewer, template, values, status=refusal.status if refusal else 200)


def _reasons(card: FileCard) -> list[tuple[Any, int]]:
    counted = card.preview.get("reasons", []) if card.state == "READY" else count_refusals(card.id)
    return [(ROW_REASONS.get(reason, reason), count) for reason, count in counted]


def _number_of(cells: tuple[str, ...]) -> str:
    """What most likely is the number: pages show no other cell of a row that was refused."""
    return next((cell for cell in cells if sum(sign.isdigit() for sign in cell) > 8 and len(cell) < 33), "")


@dataclass(frozen=True)
class ShownRow:
    """A row of the preview in words."""

    line: int
    number: str
    who: str
    courier: str
    is_waiting: bool
    says: list[tuple[Any, datetime | None]]
    refused: Any
    is_new: bool


def _preview(card: FileCard) -> dict[str, Any]:
    sheets = [
        (card.sheets[shown["sheet"]], [_shown(row) for row in shown["rows"]])
        for shown in card.preview.get("sheets", [])
    ]
    people = card.preview.get("people", [])
    return {"sheets": sheets, "people": people, "people_count": card.preview.get("people_count", 0)}


def _shown(row: dict[str, Any]) -> ShownRow:
    says: list[tuple[Any, datetime | None]] = [
        (EVENT_KINDS.get(kind, kind), _moment(at)) for kind, at in row["events"]
    ]
    if row["contact"]:
        says.append((CONTACTS[row["contact"][0]], _moment(row["contact"][1])))
    elif row["label"] or row["at"]:
        says.append((row["label"], _moment(row["at"])))
    if row["amount_fen"] is not None:
        says.append((f"¥{row['amount_fen'] / 100:.2f}", None))
    if row["rate"] is not None:
        says.append((f"{row['rate']:.1%}", None))
    return ShownRow(
        line=row["line"],
        number=row["number"],
        who=row["who"],
        courier=row["courier"],
        is_waiting=row["is_waiting"],
        says=says,
        refused=ROW_REASONS.get(row["refused"], row["refused"]),
        is_new=row["is_new"],
    )


def _moment(said: str) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _turned(request: HttpRequest, viewer: Viewer, import_id: int, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _one(request, viewer, import_id, refusal)
    return HttpResponseRedirect(reverse("manage:import", args=[import_id]))


@staff_page(Permission.FILES_IMPORT)
@require_POST
def confirm(request: HttpRequest, viewer: Viewer, import_id: int) -> HttpResponse:
    return _turned(
        request, viewer, import_id, lambda: confirm_import(import_id=import_id, by=viewer, at=now())
    )


@staff_page(Permission.FILES_IMPORT)
@require_POST
def drop(request: HttpRequest, viewer: Viewer, import_id: int) -> HttpResponse:
    return _turned(request, viewer, import_id, lambda: drop_import(import_id=import_id, by=viewer, at=now()))


@staff_page(Permission.FILES_IMPORT)
@require_POST
def undo(request: HttpRequest, viewer: Viewer, import_id: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _turned(
        request,
        viewer,
        import_id,
        lambda: ask_undo(import_id=import_id, reason=reason, by=viewer, at=now()),
    )


class _Echo:
    """csv writes into this; each row is handed on at once."""

    def write(self, value: str) -> str:
        return value


@staff_page(Permission.FILES_IMPORT)
@require_safe
def refused_rows(request: HttpRequest, viewer: Viewer, import_id: int) -> HttpResponse:
    """The rows that were not taken, as a file for a spreadsheet; that it was taken is written down."""
    card = access_import(viewer=viewer, import_id=import_id)
    log_look(
        viewer=viewer.label,
        subject=f"import:{card.id}",
        field="refused rows",
        reason="",
        is_silent=True,
        at=now(),
    )
    response = StreamingHttpResponse(_csv(card), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{card.id}-refused.csv"'
    return response  # type: ignore[return-value]


def _csv(card: FileCard) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    before = None
    for row in list_refusals(import_id=card.id):
        if row.sheet != before:
            header = card.sheets[row.sheet]["header"]
            yield writer.writerow([_("工作表"), _("行"), _("原因"), *map(safe_cell, header)])
            before = row.sheet
        reason = str(ROW_REASONS.get(row.reason, row.reason))
        name = card.sheets[row.sheet]["name"]
        yield writer.writerow([safe_cell(name), row.line, reason, *map(safe_cell, row.cells)])
