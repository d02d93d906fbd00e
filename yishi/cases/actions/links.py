"""Cases joined and parted: a duplicate goes on in another case, one case becomes several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yishi.cases.actions.assign import assign
from yishi.cases.actions.evidence import attach
from yishi.cases.actions.hold import CaseIsOver, check_may, check_text, hold_case, keep, move
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.open import OpenedCase, open_case
from yishi.cases.facts import CaseMerged, CaseUnmerged
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Evidence, TimelineEntry
from yishi.cases.queries.sight import in_sight
from yishi.cases.rules.status import Status
from yishi.kit.errors import Invalid, NotFound, Refusal, Stale
from yishi.kit.facts import announce
from yishi.kit.phrases import Phrase
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.shipments.queries.parcels import find_shipment_refs

UNDO_WITHIN = timedelta(days=1)
MOST_SPLIT = 5


class SameCase(Refusal):
    """不能把工单并进它自己"""

    code = "same_case"


class NotSameMatter(Refusal):
    """这两件不是同一个包裹，也不是同一个人，不能合并"""

    code = "not_same_matter"


class NotMerged(Refusal):
    """这件工单没有并进别的工单，或合并已超过一天，不能撤销"""

    code = "not_merged"


class NothingToSplit(Invalid):
    """要拆出来的每一件都写明诉求类型和内容，一次最多五件，类型不能一样"""

    code = "nothing_to_split"


@dataclass(frozen=True, kw_only=True)
class Share:
    """What becomes a case of its own: its claim in words, and the lines and files that belong to it."""

    category: str
    text: str
    entry_ids: tuple[int, ...] = ()
    file_ids: tuple[UUID, ...] = ()


@transaction.atomic
def merge_case(
    *, case_id: int, into_id: int, reason: str = "", by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Ends an open case because another open one is the same matter; both histories stay as they are.

    Its clocks stop and the strictest goes on with the other. Undone within a day by `unmerge_case`. Both must
    be in sight. Raises SameCase, NotSameMatter, CaseIsOver (also when somebody was quicker), Stale, NotFound.
    """
    check_may(by, Permission.CASE_WRITE)
    kept, note = check_text(reason, pointer="/reason", is_required=False)
    case, into = _hold_both(case_id, into_id, by)
    if version is not None and version != case.version:
        raise Stale()
    if not case.is_open or not into.is_open:
        raise CaseIsOver()
    if not _is_same_matter(case, into):
        raise NotSameMatter()
    is_same_person = case.contact_id is not None and case.contact_id == into.contact_id
    old = move(case, Status.CLOSED)
    case.merged_into, case.closed_at, case.closes_at = into, at, None
    told = {"into": into.case_no, "is_same_person": is_same_person}
    entry = write_entry(case, "MERGED", Audience.PUBLIC, by=by, at=at, data=told)
    inside = {**note, "into": into.case_no, "old": old}
    write_entry(case, "MERGED_WHY", Audience.INTERNAL, by=by, at=at, text=kept, data=inside)
    write_entry(into, "MERGED_IN", Audience.INTERNAL, by=by, at=at, data={"case_no": case.case_no})
    into.priority = max(into.priority, case.priority)
    keep(case, "status", "merged_into", "closed_at", "closes_at")
    keep(into, "priority")
    announce(
        CaseMerged(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            into_id=into.pk,
            into_no=into.case_no,
            entry_id=entry.pk,
            old=old,
            at=at,
        )
    )


def _hold_both(case_id: int, into_id: int, by: Viewer) -> tuple[Case, Case]:
    """Both locked in the order of their ids, so that two who merge crosswise wait instead of dying."""
    if case_id == into_id:
        raise SameCase()
    held = {pk: hold_case(case_id=pk) for pk in sorted((case_id, into_id))}
    if Case.objects.filter(in_sight(by), pk__in=held).count() < len(held):
        raise NotFound()
    return held[case_id], held[into_id]


def _is_same_matter(case: Case, into: Case) -> bool:
    is_same_parcel = case.waybill_no != "" and case.waybill_no == into.waybill_no
    return is_same_parcel or (case.contact_id is not None and case.contact_id == into.contact_id)


@transaction.atomic
def unmerge_case(*, case_id: int, by: Viewer, at: datetime) -> None:
    """Takes a merge back within a day: the case stands as it stood, its clocks run or rest on as
    if never stopped, and so do those of the case it was merged into.

    Raises NotMerged.
    """
    check_may(by, Permission.CASE_WRITE)
    into_id = Case.objects.filter(pk=case_id).values_list("merged_into_id", flat=True).first()
    held = {pk: hold_case(case_id=pk) for pk in sorted({case_id, into_id or case_id})}
    case = held[case_id]
    line = case.entries.filter(kind="MERGED_WHY").order_by("-id").first()
    if case.merged_into_id not in held or line is None or at - line.at > UNDO_WITHIN:
        raise NotMerged()
    into_no = line.data["into"]
    move(case, Status(line.data["old"]))
    case.merged_into, case.closed_at = None, None
    write_entry(case, "UNMERGED", Audience.PUBLIC, by=by, at=at, data={"into": into_no})
    keep(case, "status", "merged_into", "closed_at")
    into = held[into_id or case_id]
    write_entry(into, "PARTED", Audience.INTERNAL, by=by, at=at, data={"case_no": case.case_no})
    keep(into)
    announce(
        CaseUnmerged(case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, merged_at=line.at, at=at)
    )


@transaction.atomic
def split_case(
    *, case_id: int, shares: Sequence[Share], by: Viewer, at: datetime, version: int | None = None
) -> list[OpenedCase]:
    """Opens a case of its own for each share, of the same person and parcel; the person is told of each.

    Lines are quoted inside the new case, files belong to both. Raises NothingToSplit, CaseIsOver, Stale,
    Invalid for a line or file of another case.
    """
    check_may(by, Permission.CASE_WRITE)
    _check_shares(shares)
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    if any(share.category == case.category for share in shares):
        raise NothingToSplit()
    opened = [_split_off(case, share, by=by, at=at) for share in shares]
    numbers = [one.case_no for one in opened]
    write_entry(case, "SPLIT", Audience.PUBLIC, by=by, at=at, data={"case_nos": numbers})
    keep(case)
    return opened


def _check_shares(shares: Sequence[Share]) -> None:
    categories = {share.category for share in shares}
    if not 1 <= len(shares) <= MOST_SPLIT or len(categories) < len(shares):
        raise NothingToSplit()


def _split_off(case: Case, share: Share, *, by: Viewer, at: datetime) -> OpenedCase:
    lines = list(case.entries.filter(pk__in=share.entry_ids).order_by("id"))
    if len(lines) != len(set(share.entry_ids)):
        raise Invalid([("/entries", "unknown_line", "有一行不是这件工单的")])
    files = set(case.evidence.filter(file_id__in=share.file_ids).values_list("file_id", flat=True))
    if files != set(share.file_ids):
        raise Invalid([("/files", "unknown_file", "有一个附件不是这件工单的")])
    refs = find_shipment_refs(case.waybill_no) if case.shipment_id else []
    new = open_case(
        waybill_no=case.waybill_no,
        category=share.category,
        text=share.text,
        contact_id=case.contact_id,
        is_verified=case.is_verified,
        is_internal=case.is_internal,
        source=case.source,
        priority=case.priority,
        entry_point=case.entry_point,
        language=case.language,
        shipment=next((ref for ref in refs if ref.id == case.shipment_id), None),
        split_from_id=case.pk,
        by=by,
        at=at,
    )
    if not new.is_new:
        raise NothingToSplit()
    _stay(new.case_id, case, at=at)
    _refer(new.case_id, case, lines, share.file_ids, by=by, at=at)
    return new


def _stay(new_id: int, case: Case, *, at: datetime) -> None:
    """What is split off stays with whoever has the whole, wherever it would have been routed."""
    routed = Case.objects.values_list("outlet_id", "assignee_id").get(pk=new_id)
    if routed != (case.outlet_id, case.assignee_id):
        reason = Phrase(_("和拆分前的工单 %(case_no)s 在一起办"), {"case_no": case.case_no})
        place = {"outlet_id": case.outlet_id, "assignee_id": case.assignee_id}
        assign(case_id=new_id, **place, reason=reason, by=SYSTEM_VIEWER, at=at)


def _refer(
    new_id: int,
    case: Case,
    lines: Sequence[TimelineEntry],
    files: Sequence[UUID],
    *,
    by: Viewer,
    at: datetime,
) -> None:
    """Says in the new case where it came from, with the lines as they were said; its files come along."""
    new = hold_case(case_id=new_id)
    quoted = "\n".join(line.text for line in lines if line.text)
    data = {"case_no": case.case_no, "lines": [line.pk for line in lines]}
    entry = write_entry(new, "SPLIT_FROM", Audience.INTERNAL, by=by, at=at, text=quoted, data=data)
    attach(new, entry, files, by=by, at=at)
    # what the person sent stays what the person sent
    theirs = Evidence.objects.filter(case=case, file_id__in=files, author_kind="CONSUMER").values("file_id")
    Evidence.objects.filter(case=new, file_id__in=theirs).update(author_kind="CONSUMER", author_id=None)
