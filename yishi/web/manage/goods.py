"""收寄规定: what may be sent and how it is packed, over our advice; places to which nothing goes. Every
version with who made it; none of it is shown as law."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.queries import staff_names
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.goods import close_place, end_goods_rule, keep_goods_rule, open_place
from yishi.shipments.queries.booking_words import KINDS, LAWS, REASONS, STEPS, kind_words
from yishi.shipments.queries.goods import list_closed, list_goods_rules, own_words, running_book
from yishi.shipments.rules.goods import LAWS as THE_LAWS
from yishi.shipments.rules.goods_kinds import GoodsKind
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.shared.booking_form import VERDICTS


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def goods(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The kinds; a POST says one anew."""
    if request.method != "POST":
        return _page(request, viewer)
    try:
        keep_goods_rule(kind=_kind(request), word=_said(request, "word"), by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('manage:goods')}?done=kept")


def _said(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[:4_000]


def _lines(request: HttpRequest, name: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in _said(request, name).splitlines() if line.strip())


def _kind(request: HttpRequest) -> GoodsKind:
    at = now()
    return GoodsKind(
        key=_said(request, "key")[:40] or f"OWN{at:%y%m%d%H%M%S}",
        words=_lines(request, "words"),
        verdict=_said(request, "verdict"),
        own_steps=_lines(request, "steps"),
        needs_ice=_said(request, "ice") == "on",
        best_before_hours=whole_number(_said(request, "hours")[:3]),
        own_reason=_said(request, "reason"),
        source=_said(request, "source"),
    )


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def end(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Our advice holds again for this kind."""
    end_goods_rule(key=key, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('manage:goods')}?done=ended")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def close(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Nothing is taken for this place."""
    try:
        close_place(place=_said(request, "place"), reason=_said(request, "why"), by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('manage:goods')}?done=closed#places")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def reopen(request: HttpRequest, viewer: Viewer, closed_id: int) -> HttpResponse:
    """Parcels go there again."""
    open_place(place_id=closed_id, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('manage:goods')}?done=opened#places")


def _page(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    own, history = own_words(), list_goods_rules(viewer=viewer)
    kinds = running_book().goods
    chosen = request.POST.get("key") or request.GET.get("key", "")
    one = next((kind for kind in kinds if kind.key == chosen), None)
    names = _names([line.added_by for line in history])
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "goods",
        "kinds": [(kind, kind_words(kind.key, own), VERDICTS[kind.verdict]) for kind in kinds],
        "one": one,
        "one_word": kind_words(one.key, own) if one else "",
        "one_steps": [*one.own_steps] or [str(STEPS[step]) for step in one.steps] if one else [],
        "one_reason": (one.own_reason or REASONS.get(one.reason, "")) if one else "",
        "one_source": request.POST.get("source") or (one.source if one else ""),
        "is_own_kind": one is None or one.key not in KINDS,
        "verdicts": [(name, word) for name, (word, _icon, _role) in VERDICTS.items()],
        "history": [
            (
                line,
                line.word or kind_words(line.kind.key, own),
                VERDICTS[line.kind.verdict][0],
                names[line.added_by],
            )
            for line in history[:40]
        ],
        "closed": list_closed(viewer=viewer),
        "laws": [(law, LAWS[law.key]) for law in THE_LAWS],
        "done": request.GET.get("done", ""),
        "typed": request.POST,
        "refused": words_of(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/goods.html", values, status=status)


def _names(labels: list[str]) -> dict[str, str]:
    """Who it was by name: `user:3` is what is kept."""
    ids = {label: int(label.partition(":")[2]) for label in labels if label.startswith("user:")}
    known = staff_names(set(ids.values()))
    return {label: known.get(ids[label], label) if label in ids else label for label in labels}
