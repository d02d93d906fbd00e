"""The ledger of a courier's deeds: one sent twice is done once, and answered the same both times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yishi.kit.errors import NotAllowed, Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.rounds import CourierDeed, RoundOrder
from yishi.shipments.rules.deeds import DeedTime

MOST_IN_ORDER = 1000


class DeedChanged(Refusal):
    """这一条已经交过，内容却不一样；在手机上重新做一次"""

    code = "deed_changed"
    status = 422


@dataclass(frozen=True, kw_only=True)
class SentDeed:
    """A deed as it came: the telephone's own id for it, and both of its clock's times."""

    deed_id: UUID
    kind: str
    waybill_no: str
    made_at: datetime
    sent_at: datetime
    content_hash: bytes


@dataclass(frozen=True)
class DeedAnswer:
    """What was answered to a deed."""

    is_refused: bool
    answer: Mapping[str, Any]


def find_answer(*, user_id: int, sent: SentDeed) -> DeedAnswer | None:
    """The answer of the first time, if it was sent before. Raises DeedChanged for another content."""
    row = CourierDeed.objects.filter(user_id=user_id, deed_id=sent.deed_id).first()
    if row is None:
        return None
    if bytes(row.content_hash) != sent.content_hash:
        raise DeedChanged()
    return DeedAnswer(row.is_refused, row.answer)


def claim_deed(*, sent: SentDeed, time: DeedTime, by: Viewer, at: datetime) -> bool:
    """Takes the deed's id for this account; False when it was taken before, also by a sending that has just
    ended. Must stand in the transaction of what the deed does."""
    require(by, Permission.CONTACT_WRITE)
    row = CourierDeed(
        user_id=_account(by),
        deed_id=sent.deed_id,
        kind=sent.kind,
        waybill_no=sent.waybill_no,
        made_at=sent.made_at,
        sent_at=sent.sent_at,
        received_at=at,
        happened_at=time.at,
        offset_s=time.offset_s,
        is_doubtful=time.is_doubtful,
        content_hash=sent.content_hash,
    )
    # waits for another sending of the same deed, then finds it taken
    CourierDeed.objects.bulk_create([row], ignore_conflicts=True)
    found = CourierDeed.objects.select_for_update().get(user_id=_account(by), deed_id=sent.deed_id)
    return found.received_at == at and not found.answer


def answer_deed(
    *, user_id: int, deed_id: UUID, answer: Mapping[str, Any], is_refused: bool = False
) -> DeedAnswer:
    """Keeps what is answered, in the transaction that claimed the deed."""
    CourierDeed.objects.filter(user_id=user_id, deed_id=deed_id).update(
        answer=dict(answer), is_refused=is_refused
    )
    return DeedAnswer(is_refused, answer)


@transaction.atomic
def keep_order(*, waybill_nos: list[str], day: date, said_at: datetime, by: Viewer) -> None:
    """The courier's own order of a day; of two telephones the later word counts. Raises NotAllowed."""
    require(by, Permission.CONTACT_WRITE)
    row, is_new = RoundOrder.objects.select_for_update().get_or_create(
        user_id=_account(by),
        day=day,
        defaults={"waybill_nos": waybill_nos[:MOST_IN_ORDER], "said_at": said_at},
    )
    if not is_new and row.said_at <= said_at:
        row.waybill_nos, row.said_at = waybill_nos[:MOST_IN_ORDER], said_at
        row.save()


def _account(by: Viewer) -> int:
    """Only a person has deeds. Raises NotAllowed for a key."""
    if by.user_id is None:
        raise NotAllowed()
    return by.user_id
