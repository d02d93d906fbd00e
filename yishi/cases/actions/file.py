"""A person's complaint as every edge takes it in: who speaks, about which parcel, with which files."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.external import update_external
from yishi.cases.actions.open import open_case
from yishi.cases.rules.categories import CATEGORIES
from yishi.consignees.actions.contacts import keep_contact
from yishi.consignees.queries import phone_of_proof
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.files import Upload, store_upload
from yishi.kit.hot import hot_pipeline
from yishi.kit.personal import normalise_phone
from yishi.network.rules import carrier_of
from yishi.people.rules import Viewer
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.shipments.rules.waybills import normalise_waybill_no

MAX_TEXT = 20_000
MAX_FILES = 6


class TooManyFiles(Refusal):
    """一次最多 6 个附件"""

    code = "too_many_files"
    status = 413


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What was said, before anything is checked; `waybill_no` as typed."""

    waybill_no: str
    category: str
    text: str
    phone: str = ""
    email: str = ""
    name: str = ""
    proof: str = ""
    carrier: str = ""
    source: str = "SELF"
    external_no: str = ""
    external_due_at: datetime | None = None
    external_state: str = ""
    priority: int = 0
    entry_point: str = ""
    language: str = "zh-hans"
    type_key: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FiledComplaint:
    """Where it stands now; `is_new` is false when the same was said within the last minute."""

    case_id: int
    case_no: str
    token: str
    is_verified: bool
    is_new: bool


def file_complaint(
    *, complaint: Complaint, uploads: Sequence[Upload] = (), by: Viewer | None, at: datetime
) -> FiledComplaint:
    """Takes a complaint in. Never barred by a code: an unverified contact only limits what is shown later.

    Files are read and re-encoded before the transaction. Raises Invalid (with a pointer a field),
    TooManyFiles, or the refusal of a file; nothing is kept of the case then.
    """
    _check(complaint)
    if len(uploads) > MAX_FILES:
        raise TooManyFiles()
    files = [store_upload(upload=upload, retention_class="EVIDENCE", at=at).id for upload in uploads]
    return open_complaint(complaint=complaint, files=files, by=by, at=at)


def _check(complaint: Complaint) -> None:
    errors = []
    if complaint.category not in CATEGORIES or not CATEGORIES[complaint.category].is_claimable:
        errors.append(("/category", "unknown_category", "没有这个诉求类型"))
    if not complaint.text.strip():
        errors.append(("/text", "missing_field", "说说发生了什么"))
    if len(complaint.text) > MAX_TEXT:
        errors.append(("/text", "too_long", "最多 20,000 字"))
    phone = normalise_phone(complaint.phone)
    if complaint.phone and not 7 <= len(phone) <= 20:
        errors.append(("/contact/phone", "bad_phone", "手机号是 11 位"))
    if complaint.email and not _looks_like_email(complaint.email):
        errors.append(("/contact/email", "bad_email", "邮箱写法不对，应像 name@example.cn"))
    if not complaint.phone and not complaint.email:
        errors.append(("/contact", "missing_field", "留一个手机号或邮箱，好回复你"))
    if errors:
        raise Invalid(errors)


def _looks_like_email(email: str) -> bool:
    head, at, host = email.strip().rpartition("@")
    plain = not any(unicodedata.category(c)[0] in "CZ" for c in email.strip())
    return bool(head and at and "." in host and plain and len(email) <= 254)


@transaction.atomic
def open_complaint(
    *, complaint: Complaint, files: Sequence[UUID] = (), by: Viewer | None, at: datetime
) -> FiledComplaint:
    """Opens the case of a complaint that the edge has checked, or that a platform checked long ago: nobody
    is asked for a phone here. Raises Invalid for what no case can hold."""
    filed = _open_complaint(complaint, files, by=by, at=at)
    if complaint.external_no and (complaint.external_state or not filed.is_new):
        # the same work order again brings its news; a new one its state
        update_external(
            case_id=filed.case_id,
            due_at=complaint.external_due_at,
            state=complaint.external_state,
            text="" if filed.is_new else complaint.text,
            by=by,
            at=at,
        )
    return filed


@hot_pipeline()
def _open_complaint(
    complaint: Complaint, files: Sequence[UUID], *, by: Viewer | None, at: datetime
) -> FiledComplaint:
    waybill_no = normalise_waybill_no(complaint.waybill_no) or complaint.waybill_no.strip()[:40]
    refs = find_shipment_refs(waybill_no)
    carrier = carrier_of(complaint.carrier)
    shipment = next((r for r in refs if r.carrier == carrier), refs[0] if refs else None)
    phone = normalise_phone(complaint.phone)
    contact_id = keep_contact(phone=phone, email=complaint.email.strip(), name=complaint.name.strip(), at=at)
    is_verified = bool(phone) and bool(complaint.proof) and phone_of_proof(complaint.proof) == phone
    opened = open_case(
        waybill_no=waybill_no,
        category=complaint.category,
        text=complaint.text,
        contact_id=contact_id,
        is_verified=is_verified,
        source=complaint.source,
        external_no=complaint.external_no,
        external_due_at=complaint.external_due_at,
        priority=complaint.priority,
        files=files,
        entry_point=complaint.entry_point,
        language=complaint.language,
        shipment=shipment,
        type_key=complaint.type_key,
        form=complaint.form,
        by=by,
        at=at,
    )
    return FiledComplaint(
        case_id=opened.case_id,
        case_no=opened.case_no,
        token=opened.token,
        is_verified=is_verified,
        is_new=opened.is_new,
    )
