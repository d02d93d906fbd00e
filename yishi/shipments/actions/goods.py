"""The operator changes what may be sent and how: every version stays, with who made it."""

from datetime import datetime

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound
from yishi.kit.texts import clean_text
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.bookings import GoodsRule, NoService
from yishi.shipments.rules.goods_kinds import DEFAULTS, OK, VERDICTS, GoodsKind

_MOST_LINES, _LONGEST = 60, 200
_KNOWN = {kind.key for kind in DEFAULTS}


@transaction.atomic
def keep_goods_rule(*, kind: GoodsKind, word: str = "", by: Viewer, at: datetime) -> None:
    """From now on this kind is told, packed and taken as the operator says; the version before it ends.

    A kind of his own needs a name (`word`); whoever refuses or restricts says why, and where that stands.
    Raises NotAllowed, Invalid.
    """
    require(by, Permission.POLICY_MANAGE)
    errors = []
    if not kind.words or len(kind.words) > _MOST_LINES or any(len(one) > _LONGEST for one in kind.words):
        errors.append(("/words", "bad_value", "写上认得出这类物品的词，一行一个，最多 60 个"))
    if len(kind.own_steps) > _MOST_LINES or any(len(one) > _LONGEST for one in kind.own_steps):
        errors.append(("/steps", "bad_value", "包装的每一步一行，最多 60 行"))
    if kind.verdict not in VERDICTS:
        errors.append(("/verdict", "bad_value", "没有这个选项"))
    if kind.verdict != OK and not (kind.own_reason.strip() and kind.source.strip()):
        errors.append(("/reason", "missing_field", "不收或有条件收的，写明原因和出处"))
    if kind.key not in _KNOWN and not word.strip():
        errors.append(("/word", "missing_field", "给这类物品起个名字"))
    if errors:
        raise Invalid(errors)
    _end(kind.key, by, at)
    GoodsRule.objects.create(
        key=kind.key,
        word=clean_text(word)[0][:_LONGEST],
        words=[clean_text(one)[0] for one in kind.words],
        verdict=kind.verdict,
        steps=[clean_text(one)[0] for one in kind.own_steps],
        needs_ice=kind.needs_ice,
        best_before_hours=kind.best_before_hours,
        reason=clean_text(kind.own_reason)[0][:_LONGEST],
        source=clean_text(kind.source)[0][:_LONGEST],
        added_at=at,
        added_by=by.label,
    )


@transaction.atomic
def end_goods_rule(*, key: str, by: Viewer, at: datetime) -> None:
    """The operator's rule of a kind ends: our advice holds again. Raises NotAllowed, NotFound."""
    require(by, Permission.POLICY_MANAGE)
    if not _end(key, by, at):
        raise NotFound


def _end(key: str, by: Viewer, at: datetime) -> int:
    running = GoodsRule.objects.filter(key=key, ended_at__isnull=True)
    return running.update(ended_at=at, ended_by=by.label)


@transaction.atomic
def close_place(*, place: str, reason: str, by: Viewer, at: datetime) -> None:
    """Nothing is taken for addresses that name this place. Raises NotAllowed, Invalid."""
    require(by, Permission.POLICY_MANAGE)
    name, why = clean_text(place)[0].replace(" ", ""), clean_text(reason)[0]
    if not 2 <= len(name) <= 40 or not why:
        raise Invalid([("/place", "missing_field", "写清楚到不了哪里（两个字以上）和原因")])
    NoService.objects.create(place=name, reason=why[:_LONGEST], added_at=at, added_by=by.label)


@transaction.atomic
def open_place(*, place_id: int, by: Viewer, at: datetime) -> None:
    """Parcels go there again. Raises NotAllowed, NotFound."""
    require(by, Permission.POLICY_MANAGE)
    rows = NoService.objects.filter(pk=place_id, ended_at__isnull=True)
    if not rows.update(ended_at=at, ended_by=by.label):
        raise NotFound
