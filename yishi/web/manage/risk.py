"""派件风险: trained on the network's own history, measured beside the rule, published, taken back."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from yishi.detection.queries.risks import live_model
from yishi.insight.actions.trainings import ask_training, publish_training, withdraw_published
from yishi.insight.queries.trainings import TrainingLine, get_training, list_trainings
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.network.queries import list_outlets
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.risk_words import feature_words
from yishi.web.shared.words import Sign

OUTCOMES = {
    "WAITING": Sign(_("在训练"), "clock", "is-info"),
    "READY": Sign(_("可以发布"), "ok", "is-good"),
    "REFUSED": Sign(_("不许发布"), "stop", "is-bad"),
    "PUBLISHED": Sign(_("发布过"), "flag", "is-idle"),
}
LIVE = Sign(_("在用"), "ok", "is-good")
REFUSED = {
    "few_parcels": _("派送的件太少，学不出来"),
    "few_complaints": _("投诉太少，学不出来，也验不出好坏"),
    "no_better_order": _("排先后没有确定比现成的规则好"),
    "no_better_shares": _("说的百分比没有确定比一律按平均说更准"),
    "shares_not_true": _("说的百分比和后来真的差得太远"),
}
WHO = {"model": _("这个模型"), "rule": _("现成的规则"), "live": _("当时在用的")}
AREAS = {"CITY": _("城区"), "COUNTY": _("县、乡镇"), "": _("其他")}
_WEIGHED = 15


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def risk(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _page(request, viewer)


def _page(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    lines, live = list_trainings(viewer=viewer), live_model()
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "risk",
        "rows": [(line, _sign(line, live.version_no if live else None), _refused(line)) for line in lines],
        "live": live,
        "waits": any(line.is_waiting for line in lines),
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "manage/risk.html", values, status=refusal.status if refusal else 200)


def _sign(line: TrainingLine, live: int | None) -> Sign:
    return LIVE if live is not None and line.version_no == live else OUTCOMES[line.outcome]


def _refused(line: TrainingLine) -> list[object]:
    return [REFUSED[reason] for reason in line.refused_for]


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def training(request: HttpRequest, viewer: Viewer, training_id: int) -> HttpResponse:
    """The card of one training: every figure with its interval. Raises NotFound."""
    line, live = get_training(viewer=viewer, training_id=training_id), live_model()
    figures = line.figures
    names = {one.code: one.name for one in list_outlets(viewer)}
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "risk",
        "line": line,
        "sign": _sign(line, live.version_no if live else None),
        "reasons": _refused(line),
        "is_live": live is not None and line.version_no == live.version_no,
        "figures": figures,
        "compared": [(word, figures[who]) for who, word in WHO.items() if who in figures],
        "bins": list(reversed(figures.get("bins", []))),
        "areas": _groups(figures.get("areas", []), AREAS),
        "outlets": _groups(figures.get("outlets", []), {**names, "": AREAS[""]}),
        "weighed": [(feature_words(name), weight) for name, weight in line.weighed[:_WEIGHED]],
    }
    return desk_page(request, viewer, "manage/risk_training.html", values)


def _groups(found: list[dict[str, Any]], names: Any) -> list[dict[str, Any]]:
    """Each with its name, and whether what was said lies outside of what chance allows."""
    return [
        {
            **one,
            "name": names.get(one["group"], one["group"]),
            "is_off": abs(one["said"] - one["came"]) > one["margin"],
        }
        for one in found
    ]


def _do(request: HttpRequest, viewer: Viewer, done: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('manage:risk')}?done={done}")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def train(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _do(request, viewer, "training", lambda: ask_training(by=viewer, at=now()))


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def publish(request: HttpRequest, viewer: Viewer, training_id: int) -> HttpResponse:
    def act() -> None:
        publish_training(training_id=training_id, by=viewer, at=now())

    return _do(request, viewer, "published", act)


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def withdraw(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _do(request, viewer, "withdrawn", lambda: withdraw_published(by=viewer, at=now()))
