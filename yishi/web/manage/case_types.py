"""工单类型: the tree, one type with its history, what it would mean for past cases, and its end."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.cases.actions.types import end_type, save_type
from yishi.cases.queries.type_history import list_type_versions
from yishi.cases.queries.type_preview import Preview, preview_type
from yishi.cases.queries.types import (
    Shelf,
    TypeCard,
    above,
    count_open_cases,
    get_type,
    list_regions,
    name_of,
    shelf,
)
from yishi.cases.rules.types import TypeTerms, changed_parts, tree
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.sla.queries.policies import shelf as policies
from yishi.sla.rules.policies import Matter, Policy
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.manage.type_forms import errors_by_place, read_type, typed_of
from yishi.web.manage.type_words import GROUPS, PARTS, choices, said, validity


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def types(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The whole tree; ended ones at the end, where asked for."""
    return _tree(request, viewer)


def _tree(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    known = shelf()
    lines = [(depth, *_line(known, terms)) for depth, terms in tree(list(known.terms.values()))]
    values = {
        "here": "manage",
        "tab": "types",
        "lines": lines,
        "ended": [(name_of(card.terms), card) for card in known.types.values() if not card.is_active],
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    return desk_page(
        request, viewer, "manage/case_types.html", values, status=refusal.status if refusal else 200
    )


def _line(known: Shelf, terms: TypeTerms) -> tuple[Any, ...]:
    """What the tree shows of a type: name, terms, version, validity, regulator's group, workflow."""
    group = GROUPS.get(terms.regulator_group, "")
    flow = name_of(known.workflow_of(terms)) if terms.category else ""
    return name_of(terms), terms, known.types[terms.key].version, validity(terms), group, flow


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A type that is not there yet, begun from the one it stands under."""
    if request.method == "POST":
        return _keep(request, viewer, None)
    above = shelf().terms.get(request.GET.get("below", ""))
    begun = TypeTerms(
        key="",
        name="",
        parent=above.key if above else "",
        category=above.category if above else "",
        regulator_group=above.regulator_group if above else "",
    )
    return _page(request, viewer, None, begun)


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    card = get_type(key)
    if request.method == "POST":
        return _keep(request, viewer, card)
    return _page(request, viewer, card, card.terms)


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def end(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """A type in use is not ended: the page says what stands in the way."""
    try:
        end_type(key=key, why=request.POST.get("why", ""), by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        card = get_type(key)
        return _page(request, viewer, card, card.terms, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:case_types')}?done=ended")


def _keep(request: HttpRequest, viewer: Viewer, card: TypeCard | None) -> HttpResponse:
    """Saves what was typed, or shows what it would mean; a refusal comes back with everything typed."""
    at = now()
    seen = card.terms if card else TypeTerms(key="", name="")
    try:
        terms = read_type(request.POST)
        if card is not None and terms.key != card.terms.key:
            raise Invalid([("/key", "fixed", "代号不能改，它写在工单和规则里")])
        if request.POST.get("do") == "preview":
            return _page(request, viewer, card, terms, preview=preview_type(terms))
        seen = terms
        _save(request, viewer, terms, card, at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, seen, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:case_type', args=[terms.key])}?done=saved")


def _save(
    request: HttpRequest, viewer: Viewer, terms: TypeTerms, card: TypeCard | None, at: datetime
) -> None:
    version = whole_number(request.POST.get("version", "")) if card else 0
    save_type(terms=terms, why=request.POST.get("why", ""), version=version, by=viewer, at=at)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    card: TypeCard | None,
    terms: TypeTerms,
    *,
    refusal: Refusal | None = None,
    preview: Preview | None = None,
) -> HttpResponse:
    faults = refusal.errors if isinstance(refusal, Invalid) else []
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "types",
        "card": card,
        "title": name_of(card.terms) if card else "",
        "typed": typed_of(terms, faults),
        "terms": terms,
        "why": request.POST.get("why", ""),
        "errors": errors_by_place(faults),
        "refused": words_of(refusal) if refusal else "",
        "preview": preview,
        "clocks": _clocks(terms) if preview else [],
        "regions": list_regions(),
        "open_cases": count_open_cases(card.terms.key) if card else 0,
        "history": _history(card.terms.key) if card else [],
        "done": request.GET.get("done", ""),
        **choices(),
    }
    return desk_page(
        request, viewer, "manage/case_type.html", values, status=refusal.status if refusal else 200
    )


def _clocks(terms: TypeTerms) -> list[tuple[str, str, str]]:
    """Promises that would run otherwise under this type: (kind, before, then)."""
    if terms.case_class is None:
        return []
    of_category = Matter(case_class=terms.case_class, category=terms.category)
    of_type = replace(of_category, type_keys=(terms.key, *above(terms)))
    known, at = policies(fresh=True), now()
    pairs = [
        (kind, known.find(of_category, kind=kind, at=at), known.find(of_type, kind=kind, at=at))
        for kind in ("FIRST_RESPONSE", "NEXT_UPDATE", "RESOLUTION")
    ]
    return [(kind, _within(old), _within(new)) for kind, old, new in pairs if old != new]


def _within(policy: Policy | None) -> str:
    if policy is None:
        return _("没有")
    hours = f"{policy.within.total_seconds() / 3600:g}"
    if policy.is_in_service_hours:
        return _("%(hours)s 服务小时") % {"hours": hours}
    return _("%(hours)s 小时") % {"hours": hours}


def _history(key: str) -> list[tuple[Any, list[tuple[Any, str, str]]]]:
    """(who made it when and why, [(part, before, after)]) of every version, the newest first."""
    versions = list_type_versions(key)
    before = [terms for _made, terms in versions[1:]]
    pairs = zip(versions, [*before, None], strict=True)
    return [
        (
            made,
            [
                (PARTS.get(part, part), said(part, was), said(part, then))
                for part, was, then in changed_parts(old, terms)
                if part != "key"
            ],
        )
        for (made, terms), old in pairs
    ]
