"""Cases as their courier may see them: of parcels that he has with him, and complaints about his own."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry
from yishi.cases.queries.cards import CaseCard, CaseLine, read_all
from yishi.cases.rules.status import OPEN_STATUSES
from yishi.kit.errors import NotFound

MOST = 100
ASKED, SETTLED, NOT_SETTLED, ANSWERED = "SETTLE_ASKED", "SETTLED_YES", "SETTLED_NO", "COURIER_ANSWER"
_FOUND = ("SIGNED_NOT_RECEIVED", "NO_DOOR_DELIVERY")
_OPEN = [status.value for status in OPEN_STATUSES]


def open_cases_of(shipment_ids: Collection[int]) -> dict[int, list[CaseLine]]:
    """The open cases of these parcels; the caller came by the parcels."""
    found: dict[int, list[CaseLine]] = {}
    rows = Case.objects.filter(shipment_id__in=set(shipment_ids), status__in=_OPEN, merged_into__isnull=True)
    of = dict(rows.values_list("pk", "shipment_id"))
    for line in read_all(rows.order_by("-opened_at")[: MOST * 10], CaseLine):
        found.setdefault(of[line.id] or 0, []).append(line)
    return found


def list_at_courier(*, outlet_id: int, numbers: Sequence[tuple[str, str]]) -> list[CaseLine]:
    """Open complaints of people about parcels that he carried last, the most pressing first."""
    return read_all(_his(outlet_id, numbers).order_by("next_due_at", "case_no")[:MOST], CaseLine)


def access_at_courier(*, outlet_id: int, numbers: Sequence[tuple[str, str]], case_no: str) -> CaseCard:
    """The courier's door to a complaint; shut with its end. Raises NotFound, also for a foreign one."""
    found = read_all(_his(outlet_id, numbers).filter(case_no=case_no)[:1], CaseCard)
    if not found:
        raise NotFound()
    return found[0]


def _his(outlet_id: int, numbers: Sequence[tuple[str, str]]) -> QuerySet[Case]:
    his = Q(pk__in=[])
    for carrier, number in numbers:
        his |= Q(shipment__carrier=carrier, shipment__courier_number=number)
    # what we found about a signing asks him before anybody complains
    found = Q(is_internal=True, entry_point="detection", category__in=_FOUND)
    return Case.objects.filter(
        his, Q(is_internal=False) | found, outlet_id=outlet_id, status__in=_OPEN, merged_into__isnull=True
    )


def settling(case_id: int) -> tuple[str, datetime | None]:
    """How far it is reconciled: '' nobody asked, else what was said last (ASKED, SETTLED …), and when."""
    lines = TimelineEntry.objects.filter(case_id=case_id, kind__in=(ASKED, SETTLED, NOT_SETTLED))
    last = lines.order_by("-id").values_list("kind", "at").first()
    return last or ("", None)
