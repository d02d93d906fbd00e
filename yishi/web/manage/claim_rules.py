"""理赔规则: the table with its history, tried on past cases; limits of approval; arbitration days."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from yishi.claims.actions.policy import (
    NewRule,
    add_rule,
    end_rule,
    set_arbitration_term,
    set_fee_code,
    set_limit,
)
from yishi.claims.queries.penalties import list_fee_codes
from yishi.claims.queries.policy import citations_for, list_citation_keys, list_limits, list_rules, list_terms
from yishi.claims.queries.preview import try_rule
from yishi.claims.rules.compensation import RuleTerms
from yishi.claims.rules.money import read_yuan, yuan
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.queries import carrier_names
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.claim_words import COVERS, LOSSES, PARTS, PAYS
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.manage.words import PROMISE_STATES

FIELDS = (
    "part", "pays", "loss_type", "cover", "carrier", "product", "province", "percent", "fixed", "cap",
    "unproven", "late", "basis", "citation", "valid_from", "valid_until", "reason", "replaces",
)  # fmt: skip


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The page; a POST tries a row on past cases (`do=try`) or adds it."""
    if request.method != "POST":
        return _page(request, viewer, typed=_copied(request, viewer))
    typed = {name: request.POST.get(name, "").replace("\x00", "").strip()[:300] for name in FIELDS}
    try:
        terms, replaces = _read(typed), whole_number(typed["replaces"])
        if request.POST.get("do") == "try":
            tried = try_rule(
                viewer=viewer, terms=terms, replaces=replaces, today=timezone.localtime(now()).date()
            )
            return _page(request, viewer, typed=typed, tried=tried)
        with transaction.atomic():
            new = NewRule(terms=terms, reason=typed["reason"], replaces=replaces)
            add_rule(rule=new, by=viewer, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, typed=typed, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:claim_rules')}?done=added")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def act(request: HttpRequest, viewer: Viewer, what: str) -> HttpResponse:
    """Ends a row, or sets a limit, a brand's days, a fee code."""
    try:
        with transaction.atomic():
            _do(request, viewer, what)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:claim_rules')}?done={what}")


def _do(request: HttpRequest, viewer: Viewer, what: str) -> None:
    said, at = request.POST, now()
    if what == "end":
        end_rule(rule_id=whole_number(said.get("rule", "")) or 0, by=viewer, at=at)
    elif what == "limit":
        set_limit(
            role=said.get("role", ""), up_to_fen=_fen(said.get("up_to", "")),
            own_up_to_fen=_fen(said.get("own", "")), by=viewer, at=at,
        )  # fmt: skip
    elif what == "term":
        set_arbitration_term(
            carrier=said.get("carrier", ""), respond_within_hours=whole_number(said.get("respond", "")) or 0,
            second_within_hours=whole_number(said.get("second", "")) or 0, source=said.get("source", ""),
            by=viewer, at=at,
        )  # fmt: skip
    elif what == "fee":
        days = said.get("days", "").strip()
        set_fee_code(
            code=said.get("code", "").strip(), name=said.get("name", ""),
            appeal_days=whole_number(days) if days else None, by=viewer, at=at,
        )  # fmt: skip
    else:
        raise NotFound()


def _page(
    request: HttpRequest,
    viewer: Viewer,
    *,
    typed: dict[str, str] | None = None,
    tried: Any = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    at = now()
    today = timezone.localtime(at).date()
    names = carrier_names()
    values = {
        "here": "manage",
        "tab": "claim_rules",
        "lines": [
            (line, _words(line.terms, names), PROMISE_STATES[line.state])
            for line in list_rules(viewer=viewer, today=today)
        ],
        "limits": [
            (one, _said(one.up_to_fen), _said(one.own_up_to_fen)) for one in list_limits(viewer=viewer)
        ],
        "terms": [(one, names.get(one.carrier, one.carrier)) for one in list_terms(viewer=viewer)],
        "fees": list_fee_codes(),
        "laws": citations_for(on=today),
        "law_keys": list_citation_keys(),
        "carriers": sorted(names.items()),
        "losses": LOSSES.items(), "parts": PARTS.items(), "pays": PAYS.items(), "covers": COVERS.items(),
        "typed": typed or {"percent": "100", "valid_from": today.isoformat(), "cover": "ANY"},
        "tried": None
        if tried is None
        else [
            (one, LOSSES[one.loss_type], yuan(one.proposed_fen), yuan(one.now_fen), yuan(one.then_fen))
            for one in tried
        ],
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }  # fmt: skip
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/claim_rules.html", values, status=status, at=at)


def _copied(request: HttpRequest, viewer: Viewer) -> dict[str, str] | None:
    """The form filled with a row that is to be replaced."""
    wanted, today = whole_number(request.GET.get("change", "")), timezone.localtime(now()).date()
    for line in list_rules(viewer=viewer, today=today) if wanted else ():
        t = line.terms
        if t.id == wanted and line.state != "ENDED":
            return {
                "part": t.part, "pays": t.pays, "loss_type": t.loss_type, "cover": t.cover,
                "carrier": t.carrier, "product": t.product, "province": t.province,
                "percent": str(t.percent), "fixed": _typed(t.fixed_fen or None), "cap": _typed(t.cap_fen),
                "unproven": _typed(t.unproven_cap_fen),
                "late": "" if t.late_over_hours is None else str(t.late_over_hours), "basis": t.basis,
                "citation": t.citation, "valid_from": today.isoformat(),
                "valid_until": t.valid_until.isoformat() if t.valid_until else "", "replaces": str(t.id),
            }  # fmt: skip
    return None


def _words(terms: RuleTerms, names: dict[str, str]) -> dict[str, Any]:
    return {
        "part": PARTS[terms.part],
        "pays": PAYS[terms.pays],
        "loss": LOSSES.get(terms.loss_type, ""),
        "cover": COVERS[terms.cover],
        "carrier": names.get(terms.carrier, terms.carrier),
        "fixed": yuan(terms.fixed_fen) if terms.fixed_fen else "",
        "cap": "" if terms.cap_fen is None else yuan(terms.cap_fen),
        "unproven": "" if terms.unproven_cap_fen is None else yuan(terms.unproven_cap_fen),
    }


def _read(typed: dict[str, str]) -> RuleTerms:
    """The row that the form says. Raises Invalid for days and numbers that cannot be read."""
    percent, late = whole_number(typed["percent"] or "100"), typed["late"]
    try:
        valid_from = date.fromisoformat(typed["valid_from"])
        valid_until = date.fromisoformat(typed["valid_until"]) if typed["valid_until"] else None
    except ValueError:
        raise Invalid([("/valid_from", "bad_dates", "写清从哪天起")]) from None
    if percent is None or (late and whole_number(late) is None):
        raise Invalid([("/percent", "out_of_range", "比例和小时数写整数")])
    return RuleTerms(
        part=typed["part"], pays=typed["pays"], loss_type=typed["loss_type"], cover=typed["cover"],
        carrier=typed["carrier"], product=typed["product"], province=typed["province"], percent=percent,
        fixed_fen=_fen(typed["fixed"]) or 0, cap_fen=_fen(typed["cap"]),
        unproven_cap_fen=_fen(typed["unproven"]), late_over_hours=whole_number(late) if late else None,
        basis=typed["basis"], citation=typed["citation"], valid_from=valid_from, valid_until=valid_until,
    )  # fmt: skip


def _fen(said: str) -> int | None:
    """An amount; nothing typed is none. Raises Invalid."""
    if not said.strip():
        return None
    fen = read_yuan(said)
    if fen is None:
        raise Invalid([("/amount", "bad_amount", "金额写成 12.50 这样，单位元")])
    return fen


def _typed(fen: int | None) -> str:
    return "" if fen is None else yuan(fen).replace(",", "")


def _said(fen: int | None) -> str:
    return "" if fen is None else yuan(fen)
