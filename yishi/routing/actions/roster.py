"""What people can and how much they carry, and what counts how much: kept by who keeps the roster."""

from collections.abc import Collection, Mapping

from django.db import transaction

from yishi.cases.rules.categories import CATEGORIES, CaseClass
from yishi.kit.errors import Invalid, NotFound
from yishi.people.queries import list_colleagues, require
from yishi.people.rules import Permission, Viewer
from yishi.routing.models import Helper, Skill, Weights

LANGUAGES = ("zh-hans", "en")
MOST_OPEN = 1000
KNOWN: Mapping[str, Collection[str]] = {
    Skill.Kind.CATEGORY: tuple(CATEGORIES),
    Skill.Kind.CLASS: tuple(one.value for one in CaseClass),
    Skill.Kind.LANGUAGE: LANGUAGES,
}
# the least and the most of each number
LIMITS: Mapping[str, tuple[int, int]] = {
    "category": (0, 1000),
    "case_class": (0, 1000),
    "language": (0, 1000),
    "knows": (0, 1000),
    "load": (0, 1000),
    "most_open": (1, MOST_OPEN),
    "knows_days": (0, 400),
    "accept_within": (1, 10_080),
    "most_talks": (1, 50),
}


@transaction.atomic
def set_abilities(
    *,
    outlet_code: str,
    user_id: int,
    skills: Mapping[str, Collection[str]],
    most_open: int | None,
    by: Viewer,
) -> None:
    """What this person of the outlet can (kind → values), and his own limit of open cases, if any; replaces
    what was kept before. Raises NotAllowed, NotFound for somebody out of sight, Invalid."""
    require(by, Permission.ROSTER)
    if user_id not in {one.user_id for one in list_colleagues(by, outlet_code)}:
        raise NotFound()
    if any(value not in KNOWN.get(kind, ()) for kind, values in skills.items() for value in values):
        raise Invalid([("/skills", "unknown_skill", "没有这一项")])
    if most_open is not None and not 1 <= most_open <= MOST_OPEN:
        raise Invalid([("/most_open", "out_of_range", "手上最多 1 到 1000 件")])
    Skill.objects.filter(user=user_id).delete()
    Skill.objects.bulk_create(
        Skill(user_id=user_id, kind=kind, value=value)
        for kind, values in skills.items()
        for value in sorted(set(values))
    )
    if most_open is None:
        Helper.objects.filter(user=user_id).delete()
    else:
        Helper.objects.update_or_create(user_id=user_id, defaults={"most_open": most_open})


@transaction.atomic
def set_weights(*, values: Mapping[str, int], by: Viewer) -> None:
    """What counts how much, and how long an outlet may take to accept. Raises NotAllowed, Invalid with a
    pointer a number."""
    require(by, Permission.POLICY_MANAGE)
    wrong = [name for name, value in values.items() if not LIMITS[name][0] <= value <= LIMITS[name][1]]
    if wrong:
        raise Invalid([(f"/{name}", "out_of_range", "数字太大或太小") for name in wrong])
    Weights.objects.update_or_create(pk=1, defaults=dict(values))
