"""Codes by which a person proves his phone."""

import uuid
from datetime import datetime

from django.db import transaction

from yishi.consignees.actions.codes import AGREE, issue_code
from yishi.consignees.actions.notices import check_backup
from yishi.kit.personal import normalise_phone
from yishi.kit.ratelimit import check_rate
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery
from yishi.notifications.queries.letters import Letter, write_letter
from yishi.notifications.rules import SMS, one_line


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


@transaction.atomic
def ask_backup(*, phone: str, backup: str, at: datetime, language: str = "zh-hans") -> uuid.UUID:
    """Asks whom a person wants to name whether he agrees: he passes on the code, or nothing comes of it. The
    code opens nothing else. Raises Invalid for what is no telephone, or the person's own."""
    plain = check_backup(phone=phone, backup=backup)
    issued = issue_code(phone=plain, purpose=AGREE, at=at)
    minutes = int((issued.expires_at - at).total_seconds() // 60)
    values = {
        "operator": operator_name(language),
        "code": issued.code,
        "minutes": str(minutes),
        "tail": normalise_phone(phone)[-4:],
    }
    queue_delivery(
        kind=Kind.CODE,
        subject_kind="CODE",
        subject_id=str(issued.code_id),
        channel=SMS,
        to=plain,
        letter=write_letter(kind="AGREE", channel=SMS, language=language, values=values),
        language=language,
        at=at,
    )
    return issued.code_id


@transaction.atomic
def send_pickup_code(*, phone: str, waybill_no: str, code: str, place: str, at: datetime) -> None:
    """The pickup code again, to the phone that stands on the record and to no other; once an hour a parcel.

    Raises TooManyRequests.
    """
    check_rate(kind="pickup code", key=f"{phone}:{waybill_no}", limit=3, window_s=3600, at=at)
    text = f"【{operator_name('zh-hans')}】快递 {waybill_no} 取件码 {code}，{place}"
    queue_delivery(
        kind=Kind.MESSAGE,
        subject_kind="PARCEL_CODE",
        subject_id=waybill_no,
        channel=SMS,
        to=phone,
        letter=Letter("", one_line(text, 300)),
        language="zh-hans",
        at=at,
    )
