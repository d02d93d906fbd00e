"""Scores: parcels that are out, whenever something new is known of them; and the complaints that count."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from yishi.detection.models.risk import Complaint, Risk
from yishi.detection.queries.risk_facts import Moment, known_at
from yishi.detection.queries.risks import live_scorer
from yishi.detection.rules.scorer import judge_risk
from yishi.kit.hot import hot_cursor, hot_upsert

# the parcels that are out now of the person whose parcel was complained of, that one among them
_OUT_OF_PERSON = """
INSERT INTO detection_inspection AS i (shipment_id, due_at)
SELECT DISTINCT s.id, %(at)s::timestamptz FROM shipments_shipment s
  LEFT JOIN shipments_details d ON d.shipment_id = s.id
 WHERE s.merged_into_id IS NULL AND s.milestone IN ('OUT_FOR_DELIVERY', 'DELIVERY_FAILED')
   AND (s.id = %(id)s OR d.consignee_id IN (
        SELECT same.id FROM shipments_details mine JOIN consignees_contact c ON c.id = mine.consignee_id
          JOIN consignees_contact same ON same.id = c.id OR same.phone_hash = c.phone_hash
         WHERE mine.shipment_id = %(id)s))
ON CONFLICT (shipment_id) DO UPDATE SET due_at = excluded.due_at WHERE i.due_at > excluded.due_at
"""


def reckon_risks(*, shipment_ids: Sequence[int], at: datetime) -> int:
    """Scores these parcels as they are known now; how many. Some eight statements however many they are.

    By the live model, or by rule where none is published.
    """
    ids = sorted(shipment_ids)
    if not ids:
        return 0
    model_id, scorer = live_scorer()
    rows = []
    for one, standing in zip(ids, known_at([Moment(one, at, at) for one in ids]), strict=True):
        if standing is None:
            continue
        judged = judge_risk(standing.known, scorer)
        rows.append(
            Risk(
                shipment_id=one,
                level=judged.level.value,
                score=judged.score,
                points=judged.points,
                reasons=[list(reason) for reason in judged.reasons],
                model_id=model_id,
                reckoned_at=at,
            )
        )
    hot_upsert(rows)
    return len(rows)


@transaction.atomic
def note_parcel_complaint(*, case_no: str, shipment_id: int, at: datetime) -> None:
    """A person complained about this parcel: what is out with the same person is looked at again."""
    keep_complaints(rows=[(case_no, shipment_id, at)])
    hot_cursor().execute(_OUT_OF_PERSON, {"id": shipment_id, "at": at})


def keep_complaints(*, rows: Iterable[tuple[str, int, datetime]]) -> None:
    """Keeps complaints (case, parcel, when); those that are kept already stay."""
    made = [Complaint(case_no=case_no, shipment_id=parcel, at=at) for case_no, parcel, at in rows]
    Complaint.objects.bulk_create(made, ignore_conflicts=True, batch_size=5_000)
