"""Arbitrations and packs of proof of a case."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yishi.cases.rules.audiences import may_read
from yishi.claims.models.arbitration import (
    Arbitration,
    ArbitrationState,
    EvidencePack,
    Outcome,
    PackState,
)
from yishi.kit.errors import NotFound
from yishi.kit.models import StoredFile
from yishi.people.rules import Viewer


@dataclass(frozen=True)
class ArbitrationCard:
    """One arbitration; `can` are the moves that are open now."""

    id: int
    version: int
    against: str
    external_no: str
    state: str
    state_label: str
    asked_fen: int
    awarded_fen: int
    outcome: str
    outcome_label: str
    reason: str
    answer: str
    filed_at: datetime
    respond_by: datetime
    second_by: datetime | None
    final_at: datetime | None


@dataclass(frozen=True)
class PackLine:
    """`file_id` is empty until it is made, and after retention took it."""

    id: int
    audience: str
    state: str
    state_label: str
    file_id: UUID | None
    size: int
    asked_at: datetime
    is_zip: bool


def arbitrations_of_case(case_id: int) -> list[ArbitrationCard]:
    """The newest first; of a case that the viewer has got through its door."""
    return [
        ArbitrationCard(
            one.pk, one.version, one.against, one.external_no, one.state,
            str(ArbitrationState(one.state).label), one.asked_fen, one.awarded_fen, one.outcome,
            str(Outcome(one.outcome).label) if one.outcome else "", one.reason, one.answer, one.filed_at,
            one.respond_by, one.second_by, one.final_at,
        )
        for one in Arbitration.objects.filter(case_id=case_id).order_by("-id")
    ]  # fmt: skip


def case_of_arbitration(arbitration_id: int) -> int:
    """The case it belongs to. Raises NotFound."""
    found = Arbitration.objects.filter(pk=arbitration_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound()
    return found


def packs_of_case(case_id: int, *, viewer: Viewer) -> list[PackLine]:
    """The newest first, as far as this member of staff may read them."""
    rows = EvidencePack.objects.filter(case_id=case_id).select_related("file").order_by("-id")[:10]
    return [
        PackLine(
            row.pk, row.audience, row.state, str(PackState(row.state).label), row.file_id,
            row.file.size if row.file else 0, row.asked_at,
            row.file is not None and row.file.content_type == "application/zip",
        )
        for row in rows
        if may_read(viewer, row.audience)
    ]  # fmt: skip


def access_pack(*, viewer: Viewer, case_id: int, pack_id: int) -> StoredFile:
    """A pack of a case that the viewer has got through its door. Raises NotFound."""
    made = EvidencePack.objects.filter(case_id=case_id, pk=pack_id, file__isnull=False)
    found = made.select_related("file").first()
    if found is None or found.file is None or not may_read(viewer, found.audience):
        raise NotFound()
    return found.file
