"""Codes by which a person proves his phone."""

import uuid
from datetime import datetime

from django.db import transaction

from yishi.consignees.actions import issue_code
from yishi.kit.personal import normalise_phone
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery
from yishi.notifications.queries.letters import (
    write_letter,
)
from yishi.notifications.rules import SMS


@transaction.atomic
def send_code(*, phone: str, at: datetime, language: str = "zh-hans") -> tuple[uuid.UUID, datetime]:
    """Sends a fresh code to a phone and returns its id and until when it counts.

    The code itself stands only in the sealed delivery. Refusals of `issue_code` pass through.
    """
    issued = issue_code(phone=phone, at=at)
    minutes = int((issued.expires_at - at).total_seconds() // 60)
    values = {"operator": operator_name(language), "code": issued.code, "minutes": str(minutes)}
    queue_delivery(
        kind=Kind.CODE,
        subject_kind="CODE",
        subject_id=str(issued.code_id),
        channel=SMS,
        to=normalise_phone(phone),
        letter=write_letter(kind=Kind.CODE, channel=SMS, language=language, values=values),
        language=language,
        at=at,
    )
    return issued.code_id, issued.expires_at
