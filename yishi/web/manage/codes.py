"""What a code of a source means: the operator says it, sees first what would change, and can take it back."""

from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.feeds.queries.mappings import find_code_sample, list_mappings
from yishi.feeds.queries.sheets import get_source_sheet
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.remap import Preview, map_code, preview_mapping, unmap_code
from yishi.shipments.queries.remaps import find_remap
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.people import names_of
from yishi.web.manage.words import meaning_groups, meaning_of_value, meaning_word

BACK = "-"
"""Chosen instead of a meaning: the plug-in's own word again."""


def code_address(source: str, code: str, **said: str) -> str:
    """Where one code of a source is shown."""
    return f"{reverse('manage:code', args=[source])}?{urlencode({'code': code, **said})}"


@staff_page(Permission.FEEDS_MANAGE)
@require_safe
def code(request: HttpRequest, viewer: Viewer, source: str) -> HttpResponse:
    """The code with its history; `meaning` previews one. In the background, only how far the job is."""
    wanted = request.GET.get("code", "")
    if request.headers.get("HX-Request") == "true":
        sheet = get_source_sheet(viewer=viewer, code=source)
        remap = find_remap(viewer=viewer, source_id=sheet.id, source_code=wanted)
        at_code = code_address(source, wanted)
        return render(request, "manage/remap.html", {"remap": remap, "code_at": at_code, "at": now()})
    meaning = request.GET.get("meaning", "")
    return _code(request, viewer, source, wanted, meaning if meaning in _known_meanings() else "")


def _known_meanings() -> set[str]:
    return {BACK, *(value for _milestone, choices in meaning_groups() for value, _word in choices)}


def _code(
    request: HttpRequest,
    viewer: Viewer,
    source: str,
    wanted: str,
    meaning: str,
    refusal: Refusal | None = None,
) -> HttpResponse:
    at = now()
    sheet = get_source_sheet(viewer=viewer, code=source)
    if not 0 < len(wanted) <= 64:
        raise NotFound
    lines = list_mappings(viewer=viewer, source_id=sheet.id, source_code=wanted)
    present = next((line for line in lines if line.ended_at is None), None)
    names = names_of([*(line.noted_by for line in lines), *(line.ended_by for line in lines)])
    count, sample = find_code_sample(viewer=viewer, source_id=sheet.id, source_code=wanted)
    values = {
        "here": "manage",
        "tab": "feeds",
        "source": sheet,
        "code": wanted,
        "code_at": code_address(source, wanted),
        "count": count,
        "sample": sample,
        "present": present and meaning_word(present.kind, present.detail),
        "present_value": present and f"{present.kind}/{present.detail}",
        "history": [
            (
                line,
                meaning_word(line.kind, line.detail),
                names.get(line.noted_by, line.noted_by),
                names.get(line.ended_by, line.ended_by),
            )
            for line in lines
        ],
        "meanings": meaning_groups(),
        "meaning": meaning,
        "meaning_word": meaning_word(*meaning_of_value(meaning)) if meaning not in ("", BACK) else "",
        "is_back": meaning == BACK,
        "preview": _preview(viewer, source, wanted, meaning, is_mapped=present is not None),
        "remap": find_remap(viewer=viewer, source_id=sheet.id, source_code=wanted),
        "reason": request.POST.get("reason", ""),
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    return desk_page(
        request, viewer, "manage/code.html", values, status=refusal.status if refusal else 200, at=at
    )


def _preview(viewer: Viewer, source: str, code: str, meaning: str, *, is_mapped: bool) -> Preview | None:
    if meaning == BACK and is_mapped:
        return preview_mapping(viewer=viewer, source=source, source_code=code, kind="", at=now())
    kind, detail = meaning_of_value(meaning)
    if not kind:
        return None
    return preview_mapping(viewer=viewer, source=source, source_code=code, kind=kind, detail=detail, at=now())


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def change(request: HttpRequest, viewer: Viewer, source: str) -> HttpResponse:
    """The chosen meaning holds from now on, or the plug-in's own word does again."""
    wanted, meaning = request.POST.get("code", ""), request.POST.get("meaning", "")
    said = {"source": source, "source_code": wanted, "reason": request.POST.get("reason", "")}
    try:
        with transaction.atomic():
            if meaning == BACK:
                unmap_code(**said, by=viewer, at=now())
            else:
                kind, detail = meaning_of_value(meaning)
                map_code(**said, kind=kind, detail=detail, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _code(request, viewer, source, wanted, meaning, refusal)
    return HttpResponseRedirect(code_address(source, wanted, done="back" if meaning == BACK else "mapped"))
