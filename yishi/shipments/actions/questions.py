"""Parcels that wait in a locker without a code of which we know: a source that can tell it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from yishi.consignees.queries import reach_contact
from yishi.feeds.actions.asking import stop_asking
from yishi.feeds.port import CodeClient, Parsed, PluginError, SettingsRefused, Wanted
from yishi.feeds.queries.following import AskedSource, list_asked_sources
from yishi.feeds.queries.sources import get_source
from yishi.kit.personal import without_phones
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.models.codes import CodeQuestion, PickupCode
from yishi.shipments.rules.milestones import Milestone

# longer than any call takes; a worker that dies leaves the question to the next
LEASE = timedelta(minutes=5)
AGAIN_AFTER = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))

_WANT = """
INSERT INTO shipments_code_question (shipment_id, due_at, tries, error)
SELECT s.id, %s, 0, '' FROM shipments_shipment s
JOIN shipments_details d ON d.shipment_id = s.id
JOIN consignees_contact c ON c.id = d.consignee_id AND c.phone_hash IS NOT NULL
WHERE s.id = ANY(%s) AND s.milestone = %s AND s.merged_into_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM shipments_pickup_code k WHERE k.shipment_id = s.id)
ON CONFLICT (shipment_id) DO NOTHING
"""


@dataclass(frozen=True)
class Question:
    """A parcel that one worker may ask about until its lease runs out."""

    shipment_id: int
    source: AskedSource
    wanted: Wanted
    phone: str
    tries: int


def code_source() -> AskedSource | None:
    """The source that tells pickup codes, where an operator has set one up."""
    return next((s for s in list_asked_sources() if code_client(s) is not None), None)


def code_client(source: AskedSource) -> CodeClient | None:
    client = source.client
    return client if isinstance(client, CodeClient) and client.tells_codes(source.settings) else None


def want_codes(*, shipment_ids: Sequence[int], at: datetime) -> None:
    """Notes those that have come to wait, whose consignee's number and no code is known. Once a parcel."""
    if code_source() is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WANT, [at, list(shipment_ids), Milestone.AT_PICKUP_POINT.value])


@transaction.atomic
def claim_question(*, source: AskedSource, at: datetime) -> Question | None:
    """The question that is longest due, leased; those that have answered themselves are put away."""
    due = CodeQuestion.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=at)
    for row in due.select_related("shipment__details").order_by("due_at", "pk")[:100]:
        details = getattr(row.shipment, "details", None)  # they move when parcels are joined
        contact_id = details.consignee_id if details is not None else None
        is_known = PickupCode.objects.filter(shipment_id=row.pk).exists()
        if is_known or contact_id is None or row.shipment.milestone != Milestone.AT_PICKUP_POINT:
            _rest(row, None, "")
            continue
        row.tries += 1
        _rest(row, at + LEASE, row.error)
        wanted = Wanted(row.shipment.waybill_no, row.shipment.carrier)
        return Question(row.pk, source, wanted, reach_contact(contact_id).phone, row.tries)
    return None


@transaction.atomic
def keep_told(*, question: Question, parsed: Parsed, at: datetime) -> None:
    """What the source told goes the way of all codes; where it knew none yet, it is asked again later."""
    row = CodeQuestion.objects.select_for_update().get(pk=question.shipment_id)
    if parsed.pickup_codes:
        take_parsed(source=get_source(question.source.code), parsed=parsed, at=at)
        _rest(row, None, "")
    else:
        _rest(row, _again_at(row.tries, at), "no code yet")


@transaction.atomic
def keep_untold(*, question: Question, error: PluginError, at: datetime) -> None:
    """The source did not tell: later again, never where asking again will not help, or (SettingsRefused) not
    until somebody has mended the settings."""
    row = CodeQuestion.objects.select_for_update().get(pk=question.shipment_id)
    said = without_phones(str(error))[:200]
    if isinstance(error, SettingsRefused):
        row.tries -= 1
        _rest(row, at, said)
        stop_asking(source=question.source, reason=said, at=at)
    else:
        _rest(row, None if error.permanent else _again_at(row.tries, at), said)


def _again_at(tries: int, at: datetime) -> datetime | None:
    return at + AGAIN_AFTER[tries - 1] if tries <= len(AGAIN_AFTER) else None


def _rest(row: CodeQuestion, due_at: datetime | None, error: str) -> None:
    row.due_at, row.error = due_at, error
    row.save(update_fields=["due_at", "tries", "error"])
