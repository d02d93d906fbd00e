"""Who is to be rung, and the lists with which parcels went back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yishi.kit.errors import NotFound
from yishi.kit.files import open_file
from yishi.kit.models import StoredFile
from yishi.stations.models.ladder import ReturnList, StayReminder
from yishi.stations.queries.stations import INSIDE, StationCard
from yishi.stations.queries.stays import StayLine, get_stay

SHOWN = 50


def calls_due(card: StationCard, *, at: datetime) -> list[tuple[StayLine, int]]:
    """Whom a keeper is to ring now, with how often he was rung; the longest due first."""
    rows = StayReminder.objects.filter(
        parcel__station_id=card.id, parcel__state=INSIDE, call_due_at__lte=at
    ).order_by("call_due_at", "pk")
    return [(get_stay(card, row.parcel_id, at=at), row.calls) for row in rows[:SHOWN]]


@dataclass(frozen=True)
class ReturnCard:
    """A list of parcels that went back; `file_id` is the picture of the signature."""

    id: int
    carrier: str
    receiver: str
    handed_at: datetime
    handed_by: str
    file_id: UUID | None
    signed_at: datetime | None
    count: int = 0


def list_returns(card: StationCard, *, limit: int = 10) -> list[ReturnCard]:
    """The newest first; those that nobody signed among them."""
    rows = ReturnList.objects.filter(station_id=card.id).order_by("-pk").prefetch_related("lines")[:limit]
    return [_card(row) for row in rows]


def get_return(card: StationCard, list_id: int, *, at: datetime) -> tuple[ReturnCard, list[StayLine]]:
    """One list with its parcels. Raises NotFound."""
    row = ReturnList.objects.filter(station_id=card.id, pk=list_id).prefetch_related("lines").first()
    if row is None:
        raise NotFound()
    ids = sorted(line.parcel_id for line in row.lines.all())
    return _card(row), [get_stay(card, parcel_id, at=at) for parcel_id in ids]


def _card(row: ReturnList) -> ReturnCard:
    return ReturnCard(
        row.pk,
        row.carrier,
        row.receiver,
        row.handed_at,
        row.handed_by,
        row.file_id,
        row.signed_at,
        len(row.lines.all()),
    )


def signature_of(listed: ReturnCard) -> bytes | None:
    """The picture of the signature, as it may be shown."""
    held = StoredFile.objects.filter(pk=listed.file_id).first() if listed.file_id is not None else None
    return open_file(held) if held is not None else None
