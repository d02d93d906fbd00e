"""Cases that belong together: what came before, what says the same, what was merged and split."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yishi.cases.models.case import Case
from yishi.cases.queries.cards import _OPEN, CaseCard, CaseLine, read_all, read_sides
from yishi.cases.queries.sight import in_sight
from yishi.cases.rules.repeats import REPEAT_WITHIN, SOON_REPEAT_WITHIN, Likeness, nearness
from yishi.kit.ids import private_token
from yishi.people.rules import Viewer

MOST = 10
MOST_OF_PERSON = 5
_LOOKED_AT = 50


@dataclass(frozen=True, kw_only=True)
class LinkedCase:
    """Another case beside this one: what they share, and what became of the other."""

    line: CaseLine
    likeness: Likeness
    remedy: str
    validity: str
    is_within_3_days: bool


@dataclass(frozen=True, kw_only=True)
class Beside:
    """In sight beside a case: what the same person or parcel came for in the 30 days before, the newest
    first; other open cases of the same matter, the likeliest first: what could be merged; and the newest of
    the same person, whenever they came."""

    earlier: list[LinkedCase]
    similar: list[LinkedCase]
    of_person: list[CaseLine]


@dataclass(frozen=True, kw_only=True)
class Kin:
    """The cases in sight that this one was merged into or split from, and those merged in and split off."""

    goes_on_in: CaseCard | None
    split_from: CaseCard | None
    merged: list[CaseCard]
    split: list[CaseCard]


def cases_beside(*, viewer: Viewer, case: CaseCard) -> Beside:
    """What else is known of the same parcel or person; one statement."""
    same, since = _beside(viewer, case), case.opened_at - REPEAT_WITHIN
    before = same.filter(opened_at__gte=since, opened_at__lte=case.opened_at)
    sides = [
        before.order_by("-opened_at", "-pk")[:MOST],
        same.filter(status__in=_OPEN).order_by("-opened_at")[:_LOOKED_AT],
    ]
    if case.contact_id is not None:
        sides.append(same.filter(contact_id=case.contact_id).order_by("-opened_at", "-pk")[:MOST_OF_PERSON])
    found = [_linked(case, one) for one in read_sides(sides, CaseCard)]
    alike = [one for one in found if one.line.status in _OPEN and one.likeness.is_same_matter]
    return Beside(
        earlier=[one for one in found if since <= one.line.opened_at <= case.opened_at][:MOST],
        similar=sorted(alike, key=lambda one: -one.likeness.weight)[:MOST],
        of_person=[one.line for one in found if one.likeness.is_same_person][:MOST_OF_PERSON],
    )


def _beside(viewer: Viewer, case: CaseCard) -> QuerySet[Case]:
    same = Q(pk__in=[])
    if case.waybill_no:
        same |= Q(waybill_no=case.waybill_no)
    if case.contact_id is not None:
        same |= Q(contact_id=case.contact_id)
    return Case.objects.filter(same, in_sight(viewer)).exclude(pk=case.id)


def _linked(case: CaseCard, one: CaseCard) -> LinkedCase:
    return LinkedCase(
        line=one,
        likeness=Likeness(
            is_same_parcel=one.waybill_no != "" and one.waybill_no == case.waybill_no,
            is_same_person=one.contact_id is not None and one.contact_id == case.contact_id,
            is_same_cause=one.category == case.category,
            nearness=nearness(one.text, case.text),
        ),
        remedy=one.remedy,
        validity=one.finding_validity,
        is_within_3_days=case.opened_at - one.opened_at <= SOON_REPEAT_WITHIN,
    )


def kin_of(*, viewer: Viewer, case: CaseCard) -> Kin:
    """Who belongs to a case by a merge or a split; one statement."""
    up = [pk for pk in (case.merged_into_id, case.split_from_id) if pk is not None]
    near = Q(pk__in=up) | Q(merged_into_id=case.id) | Q(split_from_id=case.id)
    lines = read_all(Case.objects.filter(near, in_sight(viewer)).order_by("pk"), CaseCard)
    return Kin(
        goes_on_in=next((line for line in lines if line.id == case.merged_into_id), None),
        split_from=next((line for line in lines if line.id == case.split_from_id), None),
        merged=[line for line in lines if line.merged_into_id == case.id],
        split=[line for line in lines if line.split_from_id == case.id],
    )


def goes_on_token(case_id: int) -> str:
    """The private link of the case in which a merged one goes on, for its person; '' when it is another's."""
    case = Case.objects.get(pk=case_id)
    into = case
    while into.merged_into is not None:
        into = into.merged_into
    is_his = into is not case and case.contact_id is not None and into.contact_id == case.contact_id
    return private_token("case", into.case_no) if is_his else ""
