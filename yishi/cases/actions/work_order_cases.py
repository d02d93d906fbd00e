"""One row of a work order: a new case, news of a known one, or nothing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yishi.cases.actions.external import update_external
from yishi.cases.actions.file import Complaint, open_complaint
from yishi.cases.actions.reply import add_note
from yishi.cases.actions.work_order_sources import note_unknown_word
from yishi.cases.models.case import CaseSource
from yishi.cases.models.work_orders import WorkOrder
from yishi.cases.port import ParsedWorkOrder
from yishi.cases.queries.work_order_runs import row_hash
from yishi.cases.queries.work_order_sources import OrderSource
from yishi.cases.rules.work_orders import News, category_in, category_of, news_of
from yishi.kit.errors import NotAllowed, Refusal
from yishi.kit.personal import normalise_phone
from yishi.kit.phrases import Phrase, lines_of
from yishi.kit.texts import MAX_TEXT
from yishi.people.rules import SYSTEM_VIEWER


def take_row(
    source: OrderSource,
    row: ParsedWorkOrder,
    *,
    own: dict[str, str],
    is_old: bool,
    seen_at: datetime,
    at: datetime,
) -> News | None:
    """Takes a row, inside the caller's transaction; None where no case can be opened for it.

    `is_old`: the very same body was taken before, so that a known row says nothing new.
    """
    known = (
        WorkOrder.objects.select_for_update().filter(source_id=source.id, external_no=row.external_no).first()
    )
    news = news_of(
        is_known=known is not None,
        is_same=known is not None and (is_old or bytes(known.row_hash) == row_hash(row)),
        updated_at=row.updated_at,
        known_updated_at=known.said_at if known else None,
    )
    if known is None:
        return News.NEW if _open(source, row, own=own, seen_at=seen_at, at=at) else None
    if news == News.CHANGED:
        _keep(known, row)
        update_external(
            case_id=known.case_id, due_at=row.due_at, state=row.state_word, text=row.text, by=None, at=at
        )
    if not is_old and news != News.OLDER:
        known.seen_at = max(known.seen_at, seen_at)
        known.save()
    return news


def _keep(known: WorkOrder, row: ParsedWorkOrder) -> None:
    """What the row says; what it leaves out stays as it was."""
    known.type_word = row.type_word or known.type_word
    known.state_word = row.state_word or known.state_word
    known.is_open_there = row.is_open if row.state_word or row.is_open is not None else known.is_open_there
    known.due_at = row.due_at or known.due_at
    known.amount_fen = row.amount_fen if row.amount_fen is not None else known.amount_fen
    known.said_at = row.updated_at or known.said_at
    known.row_hash = row_hash(row)


def _open(
    source: OrderSource, row: ParsedWorkOrder, *, own: dict[str, str], seen_at: datetime, at: datetime
) -> bool:
    """Opens its case. False where another source has used the number, or no case can hold it."""
    others = WorkOrder.objects.exclude(source_id=source.id)
    if others.filter(external_no=row.external_no, source__filed_as=source.filed_as).exists():
        return False
    category = category_of(row.type_word, own=own, card=source.kind.card.words) if row.type_word else None
    guessed = category_in(row.text) if not row.type_word else None
    label = CaseSource(source.filed_as).label
    nothing = _("%(source)s转来的工单，没有写内容") % {"source": label}
    complaint = Complaint(
        waybill_no=row.waybill_no,
        carrier=row.carrier or source.carrier,
        category=category or guessed or "OTHER",
        text=row.text[:MAX_TEXT] or nothing,
        phone=row.phone if 7 <= len(normalise_phone(row.phone)) <= 20 else "",
        name=row.name,
        source=source.filed_as,
        external_no=row.external_no,
        external_due_at=row.due_at,
        external_state=row.state_word,
        entry_point=source.code,
    )
    try:
        with transaction.atomic():
            filed = open_complaint(complaint=complaint, by=None, at=at)
    except NotAllowed:
        raise
    except Refusal:
        return False
    if row.type_word and category is None:
        note_unknown_word(source_id=source.id, word=row.type_word, at=at)
    if note := _note(row, is_known=category is not None, is_guessed=guessed is not None):
        add_note(case_id=filed.case_id, text=lines_of(note), by=SYSTEM_VIEWER, at=at)
    known = WorkOrder(
        source_id=source.id, external_no=row.external_no, case_id=filed.case_id, seen_at=seen_at
    )
    _keep(known, row)
    known.save()
    return True


def _note(row: ParsedWorkOrder, *, is_known: bool, is_guessed: bool) -> list[Phrase]:
    """What the row says and has no place of its own in a case."""
    lines = []
    if row.type_word and not is_known:
        said = gettext_noop("对方写的类型“%(word)s”还没有人定含义，先归到其他")
        lines.append(Phrase(said, {"word": row.type_word}))
    if is_guessed:
        lines.append(Phrase(gettext_noop("对方没有写类型，类型是从内容里的词认的")))
    if row.amount_fen is not None:
        amount = f"{row.amount_fen / 100:.2f}"
        lines.append(Phrase(gettext_noop("对方写的金额：¥%(amount)s"), {"amount": amount}))
    return lines
