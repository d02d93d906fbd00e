"""Complaints that platforms hand on become cases: whatever they say, somebody reads it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yishi.cases.actions.file import MAX_TEXT, Complaint, FiledComplaint, open_complaint
from yishi.cases.actions.reply import add_note
from yishi.cases.models.case import CaseSource
from yishi.cases.rules.categories import CATEGORIES
from yishi.feeds.actions.complaints import note_opened, note_refused
from yishi.feeds.port import ParsedComplaint
from yishi.feeds.queries.complaints import ReceivedComplaint, get_complaint
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.personal import normalise_phone
from yishi.kit.phrases import Phrase, as_written, lines_of
from yishi.people.rules import SYSTEM_VIEWER


@transaction.atomic
def open_received(*, complaint_id: int, at: datetime) -> None:
    """Opens the case of a complaint, once; `at` is when we were handed it, so its clocks run from then.

    A category that we do not know becomes OTHER. What has no place in a case (pictures, which are not
    fetched, the rest of an endless text) stands in an internal note.
    """
    received = get_complaint(complaint_id)
    if not received.is_waiting:
        return
    try:
        with transaction.atomic():
            filed = _open(received, at)
    except Refusal as refusal:
        note_refused(complaint_id=complaint_id, reason=_reason(refusal))
        return
    note_opened(complaint_id=complaint_id, case_no=filed.case_no)


def _open(received: ReceivedComplaint, at: datetime) -> FiledComplaint:
    said = received.said
    source = received.filed_as if received.filed_as in CaseSource.values else CaseSource.HQ
    nothing = _("%(source)s转来的诉求，没有写内容") % {"source": CaseSource(source).label}
    complaint = Complaint(
        waybill_no=said.waybill_no,
        carrier=said.carrier,
        category=said.category if _is_known(said.category) else "OTHER",
        text=said.text.strip()[:MAX_TEXT] or nothing,
        phone=said.phone if _is_phone(said.phone) else "",
        name=said.name,
        source=source,
        external_no=received.external_no,
        external_due_at=said.due_at,
        entry_point=received.source_code,
    )
    filed = open_complaint(complaint=complaint, by=None, at=at)
    if filed.is_new and (left := _left_over(said)):
        add_note(case_id=filed.case_id, text=lines_of(left), by=SYSTEM_VIEWER, at=at)
    return filed


def _reason(refusal: Refusal) -> str:
    """The codes alone: what was said stands in no message of ours."""
    fields = refusal.errors if isinstance(refusal, Invalid) else []
    return " ".join([refusal.code, *(f"{pointer} {code}" for pointer, code, _detail in fields)])


def _is_known(category: str) -> bool:
    return category in CATEGORIES and CATEGORIES[category].is_claimable


def _is_phone(phone: str) -> bool:
    return 7 <= len(normalise_phone(phone)) <= 20


def _left_over(said: ParsedComplaint) -> list[Phrase]:
    """What was said and has no place of its own in a case, a line each."""
    lines = []
    if said.category and not _is_known(said.category):
        lines.append(Phrase(gettext_noop("平台给的诉求类型：%(category)s"), {"category": said.category}))
    if not _is_phone(said.phone) and (said.name or said.phone):
        # names and phones are never written where they lie open; what was said stays sealed with the source
        lines.append(Phrase(gettext_noop("平台没有给能联系上的电话")))
    if said.pictures:
        lines += [Phrase(gettext_noop("图片（在平台上，没有下载）：")), as_written("\n".join(said.pictures))]
    if rest := said.text.strip()[MAX_TEXT:]:
        lines += [Phrase(gettext_noop("正文的余下部分：")), as_written(rest)]
    return lines
