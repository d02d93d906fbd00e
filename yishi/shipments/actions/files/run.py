"""The worker's part of an import: first everything is looked at, then, once confirmed, written in batches.

Each batch is one transaction that also moves `position`: killed in between, it goes on where it stopped, and
two workers on one file cannot both write a batch.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from yishi.feeds.actions.files import (
    claim_import,
    finish_import,
    hold_import,
    keep_refusals,
    note_batch,
    note_checked,
)
from yishi.feeds.port import FileRow, Unreadable
from yishi.feeds.queries.files import FileCard, body_of, source_of
from yishi.feeds.queries.sources import file_reader
from yishi.kit.live import nudge
from yishi.kit.personal import mask_name, mask_phone
from yishi.shipments.actions.files.plan import Planned, Planner
from yishi.shipments.actions.files.undo import undo_batches
from yishi.shipments.actions.files.write import write_rows

BATCH = 500
SHOWN = 20
MOST_PEOPLE = 50


def run_next(*, at: datetime) -> bool:
    """Takes the import that is due first as far as it goes; False when none is due."""
    card = claim_import(at=at)
    if card is None:
        return False
    if card.state == "UNDOING":
        undo_batches(card=card, at=at)
        finish_import(import_id=card.id, state="UNDOING", to="UNDONE", at=at)
    elif card.is_busy:
        try:
            _check(card, at) if card.state == "CHECKING" else _import(card, at)
        except FileNotFoundError:
            finish_import(import_id=card.id, state=card.state, to="FAILED", at=at, error="file_gone")
        except Unreadable as error:
            finish_import(import_id=card.id, state=card.state, to="FAILED", at=at, error=error.reason)
    nudge(f"import:{card.id}")
    return True


def _rows(card: FileCard) -> Iterator[FileRow]:
    _name, reader = file_reader()
    return reader.rows(body_of(card.id), source_of(card).zone)


def _batches(rows: Iterator[FileRow]) -> Iterator[tuple[FileRow, ...]]:
    while batch := tuple(islice(rows, BATCH)):
        yield batch


def _import(card: FileCard, at: datetime) -> None:
    planner = Planner(card, source_of(card), at)
    position = card.position
    for batch in _batches(islice(_rows(card), position, None)):
        with transaction.atomic():
            row = hold_import(import_id=card.id, state="IMPORTING", position=position)
            if row is None:
                return  # somebody else has gone on with it
            planned = planner.plan(batch)
            write_rows(planner, planned, at)
            note_batch(row=row, rows=len(batch), counts=counts_of(planned), refused=_refused(planned), at=at)
        position += len(batch)
    finish_import(import_id=card.id, state="IMPORTING", to="DONE", at=at)


def _check(card: FileCard, at: datetime) -> None:
    """Nothing is written but what is shown: a check that is killed begins again."""
    planner = Planner(card, source_of(card), at)
    seen = Look()
    with transaction.atomic():
        for batch in _batches(_rows(card)):
            planned = planner.plan(batch)
            seen.add(planned)
        keep_refusals(import_id=card.id, refused=seen.refused)
        note_checked(import_id=card.id, counts=seen.counts, preview=seen.preview(), at=at)


def counts_of(planned: Sequence[Planned]) -> tuple[int, int, int]:
    """(accepted, duplicate, rejected); together they are all rows."""
    rejected = sum(bool(one.refused) for one in planned)
    accepted = sum(one.is_new for one in planned if not one.refused)
    return accepted, len(planned) - accepted - rejected, rejected


def _refused(planned: Sequence[Planned]) -> list[tuple[FileRow, str]]:
    return [(one.row, one.refused) for one in planned if one.refused]


class Look:
    """What a check has seen so far; people in it are masked."""

    MOST_REFUSED = 2_000

    def __init__(self) -> None:
        self.counts = (0, 0, 0)
        self.refused: list[tuple[FileRow, str]] = []
        self.reasons: Counter[str] = Counter()
        self.people: Counter[str] = Counter()
        self.shown: dict[int, list[dict[str, Any]]] = {}

    def add(self, planned: Sequence[Planned]) -> None:
        more = counts_of(planned)
        self.counts = (self.counts[0] + more[0], self.counts[1] + more[1], self.counts[2] + more[2])
        for one in planned:
            rows = self.shown.setdefault(one.row.sheet, [])
            if len(rows) < SHOWN:
                rows.append(shown_row(one))
            if one.refused:
                self.reasons[one.refused] += 1
                if len(self.refused) < self.MOST_REFUSED:
                    self.refused.append((one.row, one.refused))
            elif one.is_unmatched and one.row.worker is not None:
                self.people[shown_worker(one)] += 1

    def preview(self) -> dict[str, Any]:
        return {
            "sheets": [{"sheet": sheet, "rows": rows} for sheet, rows in sorted(self.shown.items())],
            "reasons": self.reasons.most_common(),
            "people": self.people.most_common(MOST_PEOPLE),
            "people_count": len(self.people),
        }


def shown_worker(one: Planned) -> str:
    """A courier as a preview names him."""
    worker = one.row.worker
    if worker is None:
        return ""
    parts = (worker.area, worker.number, mask_name(worker.name), mask_phone(worker.phone))
    return " ".join(part for part in parts if part) or f"{worker.said[:2]}*"


def shown_row(one: Planned) -> dict[str, Any]:
    """One row as it would be read, masked."""
    row, person = one.row, one.row.shipment.consignee if one.row.shipment else None
    record = row.record
    return {
        "line": row.line,
        "number": one.waybill_no or row.waybill_no or next((cell for cell in row.cells if cell), "")[:32],
        "who": f"{mask_name(person.name)} {mask_phone(person.phone)}".strip() if person else "",
        "courier": shown_worker(one),
        "is_waiting": one.is_unmatched,
        "events": [(event.kind, event.happened_at.isoformat()) for event in row.events],
        "contact": [row.contact.kind, row.contact.happened_at.isoformat()] if row.contact else [],
        "label": record.label if record else "",
        "at": record.happened_at.isoformat() if record and record.happened_at else "",
        "amount_fen": record.amount_fen if record else None,
        "rate": record.rate if record else None,
        "refused": one.refused,
        "is_new": one.is_new,
    }
