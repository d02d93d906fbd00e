"""What a station's count found becomes work, and what it found again ends looking for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yishi.cases.actions.hold import hold_case, keep, move
from yishi.cases.actions.incidents import is_touched
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.open import open_case
from yishi.cases.actions.reply import add_note
from yishi.cases.actions.searches import end_search, note_recovered, tell_found
from yishi.cases.facts import CaseWithdrawn
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author, TimelineEntry
from yishi.cases.models.searches import LookedFor, SearchState
from yishi.cases.rules.searches import SEARCHED
from yishi.cases.rules.status import OPEN_STATUSES, Status
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.stations.actions.settling import note_case
from yishi.stations.queries.counts import ForCase, differences_for_cases

ENTRY_POINT = "stock_count"
_SEEN = "SEEN_AT_STATION"


def work_off_count(*, count_id: int, at: datetime) -> int:
    """Opens an internal case for each difference behind which a person may wait; how many are new.

    A parcel with an open case gets a note there. A number of which nobody ever told us was told by the count
    itself; what is scanned in masses and is no parcel has no case.
    """
    return sum(_work_off(one, at) for one in differences_for_cases(count_id) if not one.case_no)


@transaction.atomic
def _work_off(one: ForCase, at: datetime) -> bool:
    refs = find_shipment_refs(one.waybill_no)
    if not refs:
        return False
    category = category_of(one)
    text = _said(one)
    running = Case.objects.filter(
        shipment_id__in=[ref.id for ref in refs], status__in=OPEN_STATUSES, merged_into__isnull=True
    )
    same = running.filter(category__in=SEARCHED | {category}).order_by("is_internal", "-opened_at").first()
    if same is not None:
        add_note(case_id=same.pk, text=text, by=SYSTEM_VIEWER, at=at)
        note_case(difference_id=one.difference_id, case_no=same.case_no)
        return False
    opened = open_case(
        waybill_no=one.waybill_no,
        category=category,
        text=text,
        is_internal=True,
        entry_point=ENTRY_POINT,
        shipment=refs[0],
        by=SYSTEM_VIEWER,
        at=at,
    )
    note_case(difference_id=one.difference_id, case_no=opened.case_no)
    return True


def category_of(one: ForCase) -> str:
    """On the book but not there: not found. There although it was given away: its person has not got it."""
    if one.kind == "MISSING":
        return "PARCEL_NOT_FOUND"
    if one.kind == "ELSEWHERE":
        return "MISDELIVERED"
    return "SIGNED_NOT_RECEIVED" if one.state == "HANDED_OUT" else "STATION_SERVICE"


def _said(one: ForCase) -> str:
    said: Mapping[str, str] = {
        "MISSING": _("%(station)s盘点：账上在 %(booked)s，架上没有"),
        "ELSEWHERE": _("%(station)s盘点：在 %(seen)s 扫到，账上在%(booked)s"),
        "UNEXPECTED": _("%(station)s盘点：在 %(seen)s 扫到，账上不在这里"),
    }
    nowhere = _("没有货架号的地方")
    words = {
        "station": one.station,
        "booked": one.booked or nowhere,
        "seen": one.seen or one.shelf or nowhere,
    }
    return said[one.kind] % words


def note_seen(
    *, shipment_ids: Sequence[int], places: Sequence[str], station: str, count_id: int, at: datetime
) -> int:
    """Parcels stand where they were scanned: open cases that look for them learn it, and so do their people;
    a search ends, one given up is noted as recovered. Once a case and count; how many cases."""
    where = dict(zip(shipment_ids, places, strict=True))
    cases = Case.objects.filter(
        shipment_id__in=list(where), category__in=SEARCHED, merged_into__isnull=True, opened_at__lt=at
    )
    is_open = cases.filter(status__in=OPEN_STATUSES)
    given_up = cases.filter(
        lost_searches__state=SearchState.NOT_FOUND, lost_searches__recovered_at__isnull=True
    )
    ids = set(is_open.values_list("pk", flat=True)) | set(given_up.values_list("pk", flat=True))
    return sum(_note(case_id, where, station, count_id, at) for case_id in sorted(ids))


@transaction.atomic
def _note(case_id: int, where: Mapping[int, str], station: str, count_id: int, at: datetime) -> bool:
    case = hold_case(case_id=case_id)
    told = TimelineEntry.objects.filter(case=case, kind=_SEEN, data__count=count_id)
    if case.shipment_id is None or told.exists():
        return False
    place = where[case.shipment_id]
    data = {"station": station, "place": place, "count": count_id}
    write_entry(case, _SEEN, Audience.INTERNAL, by=SYSTEM_VIEWER, at=at, author=Author.SYSTEM, data=data)
    words = f"{station} {place}".strip()
    newest = LookedFor.objects.filter(case=case).order_by("-id").first()
    if case.is_open and newest is not None and newest.state == SearchState.SEARCHING:
        end_search(case_id=case.pk, is_found=True, where=words, said="", by=SYSTEM_VIEWER, at=at)
    elif newest is not None and newest.state == SearchState.NOT_FOUND and newest.recovered_at is None:
        note_recovered(case_id=case.pk, where=words, by=SYSTEM_VIEWER, at=at)
    elif case.is_open and case.is_internal and case.entry_point == ENTRY_POINT and not is_touched(case):
        _end(case, at)
    elif case.is_open:
        tell_found(case, at=at)
    return True


@transaction.atomic
def end_with_booking(*, shipment_id: int, at: datetime) -> bool:
    """What a count found beside the book is booked in now: its own case that nobody has touched ends."""
    cases = Case.objects.filter(
        shipment_id=shipment_id, category="STATION_SERVICE", entry_point=ENTRY_POINT, is_internal=True,
        status__in=OPEN_STATUSES, merged_into__isnull=True,
    )  # fmt: skip
    found = cases.values_list("pk", flat=True).first()
    case = hold_case(case_id=found) if found is not None else None
    if case is None or is_touched(case):
        return False
    _end(case, at, Phrase(gettext_noop("已经补入库，没有人接手，自动撤销")))
    return True


def _end(case: Case, at: datetime, text: Phrase | None = None) -> None:
    """A count's own case that nobody has touched ends by itself."""
    text = text or Phrase(gettext_noop("盘点找到了，没有人接手，自动撤销"))
    entry_id = add_note(case_id=case.pk, text=text, by=SYSTEM_VIEWER, at=at)
    case = hold_case(case_id=case.pk)
    old = move(case, Status.WITHDRAWN)
    case.closed_at = at
    keep(case, "status", "closed_at")
    announce(CaseWithdrawn(case_id=case.pk, case_no=case.case_no, entry_id=entry_id, old=old, at=at))
