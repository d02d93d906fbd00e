"""Which cases lie in a viewer's sight: those of his outlets, and those in which his outlets have a part."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from yishi.cases.models.parties import CaseParty, Part
from yishi.people.queries import within_scope
from yishi.people.rules import Viewer


@dataclass(frozen=True, kw_only=True)
class Party:
    """An outlet that has a part in a case beside its lead."""

    outlet_id: int
    outlet_code: str
    outlet_name: str
    part: str
    why: str
    since: datetime

    @property
    def is_offered(self) -> bool:
        return self.part == Part.OFFERED


def in_sight(viewer: Viewer, case: str = "") -> Q:
    """A filter for cases, or for rows that point at one: then `case` is the path to it (`case`)."""
    path = f"{case}__" if case else ""
    own = within_scope(viewer, f"{path}outlet__code")
    if viewer.outlet_codes is None:
        return own
    live = CaseParty.objects.filter(case=OuterRef(f"{path}pk"), until__isnull=True)
    return own | Q(Exists(live.filter(outlet__code__in=sorted(viewer.outlet_codes))))


def list_parties(case_id: int) -> list[Party]:
    """The outlets that have a part in a case now, the longest in it first."""
    rows = CaseParty.objects.filter(case_id=case_id, until__isnull=True).select_related("outlet")
    return [
        Party(
            outlet_id=row.outlet_id,
            outlet_code=row.outlet.code,
            outlet_name=row.outlet.name,
            part=row.part,
            why=row.why,
            since=row.since,
        )
        for row in rows.order_by("since", "pk")
    ]
