"""What anybody may ask without an account: a parcel's states, a complaint and its progress, codes."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Status

from yishi.api import schemas as s
from yishi.api.auth import address_of
from yishi.api.bodies import read_with_files, upload_of
from yishi.api.problems import Problem
from yishi.api.shapes import clock_rows, outlet_shape, proposal_shape, public_timeline
from yishi.cases.actions.escalate import escalate_case, withdraw_case
from yishi.cases.actions.file import MAX_FILES, Complaint, FiledComplaint, TooManyFiles, file_complaint
from yishi.cases.actions.floods import check_words
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import consumer_reply
from yishi.cases.actions.urge import urge_case
from yishi.cases.queries.cards import get_case_by_token
from yishi.consignees.actions.codes import CodeExpired, check_code
from yishi.consignees.actions.notices import choose_notices
from yishi.consignees.queries import phone_of_proof
from yishi.consignees.rules import NoticeWish
from yishi.feedback.actions import rate_case
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.files import store_upload
from yishi.kit.personal import normalise_phone
from yishi.kit.ratelimit import check_rate
from yishi.notifications.actions.codes import send_code
from yishi.shipments.actions.walks import watch_look_up
from yishi.shipments.queries.lines import list_own_parcels
from yishi.shipments.queries.pickup import pickup_codes_of
from yishi.shipments.queries.public import get_public_shipment
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.sla.queries.clocks import first_answer

router = Router(tags=["public"])
REFUSALS = dict.fromkeys((400, 404, 409, 413, 415, 422, 423, 429), Problem)


def limit_by_address(request: HttpRequest, kind: str, limit: int, window: timedelta) -> None:
    # counted together with the pages' own (web/consumer/doors.py)
    seconds = int(window.total_seconds())
    check_rate(kind=kind, key=address_of(request), limit=limit, window_s=seconds, at=now())


@router.get(
    "/shipments/{waybill_no}",
    response={200: s.PublicShipmentOut, **REFUSALS},
    auth=None,
    by_alias=True,
    exclude_unset=True,
)
def get_shipment(request: HttpRequest, waybill_no: str, carrier: str | None = None, proof: str = "") -> Any:
    """States and cities of a parcel; names, phones, doors and codes are removed from the carrier's words.

    A `proof` (of a code sent to the phone) adds `pickup_codes`, filled where it is this parcel's phone.
    """
    limit_by_address(request, "look-up", 120, timedelta(minutes=1))
    number = normalise_waybill_no(waybill_no) or waybill_no[:64]
    check_rate(kind="look-up of", key=number, limit=3_000, window_s=60, at=now())
    watch_look_up(address=address_of(request), number=number, at=now())
    shipment = get_public_shipment(waybill_no, carrier=carrier, at=now())
    if shipment is None:
        raise NotFound()
    phone = phone_of_proof(proof) if proof else ""
    if not phone:
        return shipment
    return {**vars(shipment), "pickup_codes": pickup_codes_of(shipment.shipment_id, phone)}


@router.post("/parcels", response={200: s.OwnParcelsOut, **REFUSALS}, auth=None)
def post_parcels(request: HttpRequest, body: s.ProofIn) -> Any:
    """My parcels, for whoever proved a phone by a code; a proof that counts no more is 409. Posted, so that
    the proof stands in no address."""
    limit_by_address(request, "look-up", 120, timedelta(minutes=1))
    phone = phone_of_proof(body.proof)
    if not phone:
        raise CodeExpired
    return list_own_parcels(phone=phone, at=now())


@router.post(
    "/cases",
    response={200: s.OpenedOut, 201: s.OpenedOut, **REFUSALS},
    auth=None,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": s.ComplaintIn.model_json_schema()},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "case": {"type": "string", "description": "the same JSON"},
                            "attachments": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        },
                    }
                },
            },
        }
    },
)
def post_case(request: HttpRequest) -> Any:
    """A complaint, durable before it is answered. Never barred: no code is asked for."""
    limit_by_address(request, "complaint", 20, timedelta(hours=1))
    body, uploads = read_with_files(request, s.ComplaintIn, part="case", files="attachments")
    complaint = Complaint(
        waybill_no=body.waybill_no,
        carrier=body.carrier,
        category=body.category,
        text=body.text,
        phone=body.contact.phone,
        email=body.contact.email,
        name=body.contact.name,
        proof=body.proof,
        entry_point="api",
        language=get_language() or "zh-hans",
        type_key=body.type_key,
        form=body.form,
    )
    filed = file_complaint(complaint=complaint, uploads=uploads, by=None, at=now())
    return Status(201 if filed.is_new else 200, _opened(filed))


def _opened(filed: FiledComplaint) -> dict[str, Any]:
    answer = first_answer(filed.case_id)
    outlet = {"code": answer.outlet_code, "name": answer.outlet_name, "phone": answer.outlet_phone}
    return {
        "case_no": filed.case_no,
        "token": filed.token,
        "progress_url": f"{settings.ENVIRONMENT.web_origin}/c/{filed.token}",
        "is_verified": filed.is_verified,
        "outlet": outlet if answer.outlet_code else None,
        "first_reply_due_at": answer.first_reply_due_at,
        "resolution_due_at": answer.resolution_due_at,
    }


@router.get("/cases/{token}", response={200: s.PublicCaseOut, **REFUSALS}, auth=None)
def get_case(request: HttpRequest, token: str) -> Any:
    """Every public step of a complaint and its promised times."""
    case = get_case_by_token(token)
    return {
        "case_no": case.case_no,
        "status": case.status,
        "category": case.category,
        "outlet": outlet_shape(case.outlet_id),
        "timeline": public_timeline(case.id),
        "clocks": clock_rows(case.id),
        "proposal": proposal_shape(case.id),
    }


@router.post("/cases/{token}/replies", response={201: s.DoneOut, **REFUSALS}, auth=None)
def post_reply(request: HttpRequest, token: str, body: s.TextIn) -> Any:
    """The consumer adds a word."""
    consumer_reply(case_id=_spoken_in(token), text=body.text, files=(), at=now())
    return Status(201, _done(token))


@router.post("/cases/{token}/escalate", response={200: s.DoneOut, **REFUSALS}, auth=None)
def post_escalate(request: HttpRequest, token: str, body: s.ReasonIn) -> Any:
    """One level up, by the consumer's wish."""
    escalate_case(case_id=_spoken_in(token), reason=body.reason, by=None, at=now())
    return _done(token)


@router.post("/cases/{token}/withdraw", response={200: s.DoneOut, **REFUSALS}, auth=None)
def post_withdraw(request: HttpRequest, token: str, body: s.ReasonIn) -> Any:
    """The consumer takes his complaint back."""
    withdraw_case(case_id=_spoken_in(token), reason=body.reason, at=now())
    return _done(token)


@router.post("/cases/{token}/urge", response={200: s.DoneOut, **REFUSALS}, auth=None)
def post_urge(request: HttpRequest, token: str) -> Any:
    """催一催: at most every two hours and three times a day, else 409."""
    urge_case(case_id=_spoken_in(token), at=now())
    return _done(token)


@router.post("/cases/{token}/reopen", response={200: s.DoneOut, **REFUSALS}, auth=None)
def post_reopen(request: HttpRequest, token: str, body: s.ReasonIn) -> Any:
    """Taken up again, within 15 days after its end."""
    reopen_case(case_id=_spoken_in(token), reason=body.reason, by=None, at=now())
    return _done(token)


@router.post("/cases/{token}/evidence", response={201: s.DoneOut, **REFUSALS}, auth=None)
def post_evidence(request: HttpRequest, token: str) -> Any:
    """The consumer adds proof: multipart parts `attachments` (at most 6), and `text` if he likes."""
    case_id = _spoken_in(token)
    uploads = [upload_of(file) for file in request.FILES.getlist("attachments")]
    if not uploads:
        raise Invalid([("/attachments", "missing_field", "选一个文件")])
    if len(uploads) > MAX_FILES:
        raise TooManyFiles()
    files = [store_upload(upload=upload, retention_class="EVIDENCE", at=now()).id for upload in uploads]
    consumer_reply(case_id=case_id, text=request.POST.get("text", ""), files=files, at=now())
    return Status(201, _done(token))


@router.put("/cases/{token}/notices", response={200: s.DoneOut, **REFUSALS}, auth=None)
def put_notices(request: HttpRequest, token: str, body: s.NoticesIn) -> Any:
    """How he wants to be told of this case, and in which hours not; NONE is told nothing more."""
    case = get_case_by_token(token)
    if case.contact_id is None:
        raise NotFound()
    wish = NoticeWish(
        channel=body.channel, email=body.email, quiet_from=body.quiet_from, quiet_until=body.quiet_until
    )
    choose_notices(
        contact_id=case.contact_id, about=f"case:{case.id}", wish=wish, is_proven=case.is_verified, at=now()
    )
    return _done(token)


@router.post("/cases/{token}/rating", response={201: s.DoneOut, **REFUSALS}, auth=None)
def post_rating(request: HttpRequest, token: str, body: s.RatingIn) -> Any:
    """One rating a settled case; again is 409."""
    rate_case(case_id=_spoken_in(token), score=body.score, comment=body.comment, at=now())
    return Status(201, _done(token))


def _spoken_in(token: str) -> int:
    """The case in which somebody says something, counted with what is said on its page."""
    case_id = get_case_by_token(token).id
    check_words(case_id=case_id, at=now())
    return case_id


def _done(token: str) -> dict[str, str]:
    case = get_case_by_token(token)
    return {"case_no": case.case_no, "status": case.status}


@router.post("/codes", response={202: s.CodeSentOut, **REFUSALS}, auth=None)
def post_code(request: HttpRequest, body: s.PhoneIn) -> Any:
    """Sends a code to a phone; the answer is the same whether we know the phone or not."""
    phone = normalise_phone(body.phone)
    check_rate(kind="code", key=phone, limit=5, window_s=3600, at=now())
    code_id, expires_at = send_code(phone=phone, at=now())
    return Status(202, {"code_id": str(code_id), "expires_at": expires_at})


@router.post("/codes/{code_id}", response={200: s.ProofOut, **REFUSALS}, auth=None)
def post_code_check(request: HttpRequest, code_id: str, body: s.CodeIn) -> Any:
    """The proof that somebody holds this phone. 423 after five wrong tries."""
    return {"proof": check_code(code_id=code_id, code=body.code, at=now())}
