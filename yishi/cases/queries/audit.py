"""Whether the history of cases is as it was written: every seal computed again, lines read as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from yishi.cases.models.case import Case
from yishi.cases.models.history import HistoryHead, TimelineEntry
from yishi.cases.rules.chain import SealedLine, broken
from yishi.kit.errors import NotFound

_CHUNK = 2000
_FIELDS = (
    "id", "case_id", "kind", "audience", "text", "data_text", "author_kind", "author_id", "at", "prev_hash",
    "hash", "case__case_no",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was looked at, and the first fault: `fault` is ALTERED, OUT_OF_LINE, CUT_OFF or EMPTY.

    `entry_id` is the broken line; for CUT_OFF the line that was there last night and is not any more.
    """

    cases: int
    lines: int
    fault: str = ""
    case_no: str = ""
    entry_id: int | None = None
    at: datetime | None = None

    @property
    def is_whole(self) -> bool:
        return not self.fault


def verify_history(*, case_no: str | None = None, ended_since: datetime | None = None) -> Checked:
    """Computes every seal again in constant memory and names the first fault. Raises NotFound.

    Cases that ended before `ended_since` are passed over: retention may be taking them away. Recomputing
    all seals from an altered line on is seen too, for lines that were there when the heads were last kept.
    """
    cases = Case.objects.all() if case_no is None else Case.objects.filter(case_no=case_no)
    if case_no is not None and not cases.exists():
        raise NotFound()
    if ended_since is not None:
        cases = cases.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=ended_since))
    checked = _walk(cases)
    return checked if checked.fault else _compare_heads(cases, checked)


def _walk(cases: QuerySet[Case]) -> Checked:
    count, lines, case_id, before = 0, 0, 0, b""
    for line, number in _lines(cases):
        if line.case_id != case_id:
            count, case_id, before = count + 1, line.case_id, b""
        lines += 1
        if fault := broken(line, before):
            return Checked(
                cases=count, lines=lines, fault=fault, case_no=number, entry_id=line.id, at=line.at
            )
        before = line.hash
    return Checked(cases=count, lines=lines)


def _lines(cases: QuerySet[Case]) -> Iterator[tuple[SealedLine, str]]:
    entries = TimelineEntry.objects.filter(case__in=cases).annotate(data_text=Cast("data", TextField()))
    rows = entries.order_by("case_id", "id").values_list(*_FIELDS).iterator(chunk_size=_CHUNK)
    for pk, case_id, kind, audience, text, data, author_kind, author_id, at, prev_hash, seal, number in rows:
        yield (
            SealedLine(
                id=pk,
                case_id=case_id,
                kind=kind,
                audience=audience,
                text=text,
                data=data,
                author_kind=author_kind,
                author_id=author_id,
                at=at,
                prev_hash=bytes(prev_hash),
                hash=bytes(seal),
            ),
            number,
        )


def _compare_heads(cases: QuerySet[Case], checked: Checked) -> Checked:
    """The newest lines of last night must still be there; and no case is without its first line."""
    same = TimelineEntry.objects.filter(case=OuterRef("case"), pk=OuterRef("entry_id"), hash=OuterRef("hash"))
    cut = HistoryHead.objects.filter(~Exists(same), case__in=cases).select_related("case")
    if head := cut.order_by("case_id").first():
        return _fault(checked, "CUT_OFF", head.case, head.entry_id, head.anchored_at)
    empty = cases.filter(~Exists(TimelineEntry.objects.filter(case=OuterRef("pk"))))
    if case := empty.order_by("pk").first():
        return _fault(checked, "EMPTY", case, None, case.opened_at)
    return checked


def _fault(checked: Checked, fault: str, case: Case, entry_id: int | None, at: datetime) -> Checked:
    return Checked(
        cases=checked.cases, lines=checked.lines, fault=fault, case_no=case.case_no, entry_id=entry_id, at=at
    )
