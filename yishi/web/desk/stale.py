"""When two people answer one case: what the second one reads, with everything he typed still there."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.history import list_timeline


class Overtaken(NamedTuple):
    title: str
    explain: str


def who_was_quicker(case: CaseCard, *, seen: int | None) -> Overtaken | None:
    """Who moved the case since version `seen`; None when nobody did. `seen` None = somebody certainly has."""
    if seen is not None and case.version <= seen:
        return None
    lines = list_timeline(case.id)
    last = lines[-1] if lines else None
    if last is None:
        return Overtaken(_("情况刚刚变了"), _kept())
    who = _("顾客") if last.author_kind == "CONSUMER" else last.author
    return Overtaken(_("%(who)s刚刚动过：%(what)s") % {"who": who, "what": last.title}, _kept())


def _kept() -> str:
    return _("你写的都还在。看一眼最新的经过，再决定要不要发。")
