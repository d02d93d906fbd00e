"""Answers to work orders: what is to be entered at their source, in its format, and how far that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.translation import override

from yishi.cases.models.case import Case, CaseSource, Validity
from yishi.cases.models.history import Audience, Author, Evidence, TimelineEntry
from yishi.cases.models.work_orders import SentAnswer, WorkOrder
from yishi.cases.port import AnsweredCase, FilledAnswer, Proof
from yishi.cases.queries.words.remedies import REMEDIES
from yishi.cases.queries.work_order_sources import OrderSource, get_order_source, plugins
from yishi.kit.models import StoredFile
from yishi.people.queries import require, staff_names, within_scope
from yishi.people.rules import Permission, Viewer

# cases of these come from people, not from another system: nothing is to be entered anywhere
OWN_SOURCES = ("SELF", "PHONE", "WALK_IN", "COURIER_NOTE")
_NO_SOURCE = "paste"
MOST_LISTED = 200


@dataclass(frozen=True, kw_only=True)
class SentLine:
    """How an answer handed in by API stands."""

    state: str
    tries: int
    error: str
    asked_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class AnswerSheet:
    """What the page of a case shows of its work order and of the answer to it."""

    external_no: str
    source_label: str
    type_word: str
    state_word: str
    is_open_there: bool | None
    external_due_at: datetime | None
    amount_fen: int | None
    filled: FilledAnswer
    files: int
    has_answer: bool
    answered_there_at: datetime | None
    answered_there_by: str
    can_submit: bool
    sent: SentLine | None


def is_of_others(*, source: str, external_no: str) -> bool:
    """Whether a case came from another system, in which its answer is entered."""
    return external_no != "" and source not in OWN_SOURCES


def find_answer_sheet(case_id: int) -> AnswerSheet | None:
    """The sheet of a case that the caller got through a door; None where it is no work order of others."""
    case = Case.objects.select_related("outlet", "assignee").get(pk=case_id)
    if not is_of_others(source=case.source, external_no=case.external_no):
        return None
    order = WorkOrder.objects.filter(case=case).select_related("source").order_by("pk").first()
    source = get_order_source(source_id=order.source_id) if order else None
    answered = answered_case(case, order)
    ticked = _ticked_by(case) if case.answered_there_at else ""
    sent = SentAnswer.objects.filter(case=case).order_by("-pk").first()
    return AnswerSheet(
        external_no="" if case.external_no.startswith("~") else case.external_no,
        source_label=source.label if source else str(CaseSource(case.source).label),
        type_word=order.type_word if order else "",
        state_word=case.external_state,
        is_open_there=order.is_open_there if order else None,
        external_due_at=case.external_due_at,
        amount_fen=order.amount_fen if order else None,
        filled=fill(answered, source),
        files=len(answered.proofs),
        has_answer=bool(answered.answer or answered.remedy),
        answered_there_at=case.answered_there_at,
        answered_there_by=ticked,
        can_submit=_can_submit(source),
        sent=_sent_line(sent) if sent else None,
    )


def _can_submit(source: OrderSource | None) -> bool:
    return source is not None and source.kind.client is not None and not source.is_paused


def _sent_line(row: SentAnswer) -> SentLine:
    return SentLine(
        state=row.state, tries=row.tries, error=row.error, asked_at=row.asked_at, ended_at=row.ended_at
    )


def _ticked_by(case: Case) -> str:
    entry = TimelineEntry.objects.filter(case=case, kind="ANSWERED_THERE").order_by("-id").first()
    names = staff_names({entry.author_id}) if entry and entry.author_id else {}
    return names.get(entry.author_id or 0, "") if entry else ""


def fill(answered: AnsweredCase, source: OrderSource | None) -> FilledAnswer:
    """The answer in the source's format; one that came by API or by hand has the plain text's."""
    if source is None:
        return plugins()[_NO_SOURCE].reader.answer(answered, {}, ZoneInfo(settings.TIME_ZONE))
    return source.kind.reader.answer(answered, source.settings, source.zone)


def answered_case(case: Case, order: WorkOrder | None) -> AnsweredCase:
    """The case as its source hears of it: what was said publicly last, what was found, and the proofs that
    are ours. Always in Chinese: the other side reads it."""
    said = TimelineEntry.objects.filter(
        case=case, kind__in=("REPLY", "RESOLVED"), audience=Audience.PUBLIC
    ).order_by("-id")
    last = said.first()
    names = staff_names({last.author_id}) if last and last.author_id else {}
    with override("zh-hans"):
        validity = str(Validity(case.finding_validity).label) if case.finding_validity else ""
        remedy = str(REMEDIES.get(case.remedy, case.remedy))
    return AnsweredCase(
        case_no=case.case_no,
        external_no=case.external_no,
        waybill_no=case.waybill_no,
        type_word=order.type_word if order else "",
        answer=last.text if last else "",
        remedy=remedy,
        validity=validity,
        responsible=case.finding_responsible,
        reason=case.finding_reason,
        outlet=case.outlet.name if case.outlet else "",
        handled_by=names.get(last.author_id or 0, "") if last else "",
        answered_at=last.at if last else None,
        proofs=tuple(Proof(name, file.content_type) for name, file in named_proofs(case.pk)),
    )


_ENDINGS = {"image/jpeg": ".jpg", "application/pdf": ".pdf", "video/mp4": ".mp4", "audio/mpeg": ".mp3"}


def named_proofs(case_id: int) -> list[tuple[str, StoredFile]]:
    """The proofs that our people added, under plain names: names of files may hold somebody's name."""
    links = Evidence.objects.filter(case_id=case_id, author_kind=Author.STAFF).select_related("file")
    return [
        (f"凭证{number}{_ENDINGS.get(link.file.content_type, '')}", link.file)
        for number, link in enumerate(links.order_by("id"), start=1)
    ]


@dataclass(frozen=True, kw_only=True)
class ToAnswer:
    """A work order whose answer is not entered at its source."""

    case_no: str
    category: str
    status: str
    source: str
    external_no: str
    waybill_no: str
    outlet_name: str
    assignee_name: str
    external_due_at: datetime | None
    replied_at: datetime | None
    resolved_at: datetime | None
    sent_state: str
    sent_error: str


def list_to_answer(*, viewer: Viewer, source_code: str = "") -> list[ToAnswer]:
    """Work orders in sight that have an answer of ours and none at their source, the nearest deadline first
    (without one: the newest first), at most 200."""
    require(viewer, Permission.CASE_READ)
    cases = _waiting(viewer)
    if source_code:
        cases = cases.filter(work_orders__source__code=source_code)
    rows = list(
        cases.select_related("outlet", "assignee").order_by(
            F("external_due_at").asc(nulls_last=True), "-case_no"
        )[:MOST_LISTED]
    )
    sent = _last_sent([row.pk for row in rows])
    return [
        ToAnswer(
            case_no=row.case_no,
            category=row.category,
            status=row.status,
            source=row.source,
            external_no="" if row.external_no.startswith("~") else row.external_no,
            waybill_no=row.waybill_no,
            outlet_name=row.outlet.name if row.outlet else "",
            assignee_name=row.assignee.name if row.assignee else "",
            external_due_at=row.external_due_at,
            replied_at=row.replied_at,
            resolved_at=row.resolved_at,
            sent_state=sent[row.pk].state if row.pk in sent else "",
            sent_error=sent[row.pk].error if row.pk in sent else "",
        )
        for row in rows
    ]


def count_to_answer(*, viewer: Viewer) -> int:
    """How many, counted no further than 100."""
    return _waiting(viewer)[:100].count() if viewer.may(Permission.CASE_READ) else 0


def _waiting(viewer: Viewer) -> QuerySet[Case]:
    has_answer = Q(replied_at__isnull=False) | Q(resolved_at__isnull=False)
    return (
        Case.objects.filter(
            within_scope(viewer, "outlet__code"),
            has_answer,
            ~Q(external_no=""),
            answered_there_at__isnull=True,
        )
        .exclude(source__in=OWN_SOURCES)
        .exclude(status="WITHDRAWN")
    )


def _last_sent(case_ids: Sequence[int]) -> dict[int, SentAnswer]:
    rows = SentAnswer.objects.filter(case_id__in=case_ids).order_by("case_id", "pk").defer("filled")
    return {row.case_id: row for row in rows}
