"""Complaints that platforms hand on: kept as they came, once each, until a case is opened for them."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import msgspec

from yishi.feeds.facts import ComplaintsReceived
from yishi.feeds.models import Complaint, ComplaintState
from yishi.feeds.port import ParsedComplaint
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import seal

LONGEST_NUMBER = 100
_FACT_SIZE = 500

_KEEP = """
INSERT INTO feeds_complaint (source_id, external_no, body, state, case_no, reason, received_at)
SELECT %s, n.no, n.body, 'WAITING', '', '', %s FROM unnest(%s::text[], %s::bytea[]) AS n (no, body)
ON CONFLICT (source_id, external_no) DO NOTHING
RETURNING id
"""


def keep_complaints(*, source: SourceCard, complaints: Sequence[ParsedComplaint], at: datetime) -> int:
    """Keeps the complaints whose number this source has not used yet; how many these are.

    Must stand in a transaction. One without a number is known by what it says. Announces ComplaintsReceived:
    cases are opened by the worker, and nothing that is said here can keep the body out.
    """
    said = {_number_of(each): seal(msgspec.json.encode(each).decode()) for each in reversed(complaints)}
    numbers = sorted(said)
    rows = hot_cursor().execute(_KEEP, [source.id, at, numbers, [said[number] for number in numbers]])
    ids = sorted(int(row[0]) for row in rows)
    for start in range(0, len(ids), _FACT_SIZE):
        announce(ComplaintsReceived(complaint_ids=tuple(ids[start : start + _FACT_SIZE]), at=at))
    return len(ids)


def _number_of(complaint: ParsedComplaint) -> str:
    number = complaint.external_no.strip().replace("\x00", "")
    if 0 < len(number) <= LONGEST_NUMBER:
        return number
    return sha256(number.encode(errors="replace") or msgspec.json.encode(complaint)).hexdigest()


def note_opened(*, complaint_id: int, case_no: str) -> None:
    """A case stands for this complaint from now on."""
    Complaint.objects.filter(pk=complaint_id).update(state=ComplaintState.OPENED, case_no=case_no, reason="")


def note_refused(*, complaint_id: int, reason: str) -> None:
    """No case could be opened, for a reason that trying again does not mend; an operator sees it."""
    Complaint.objects.filter(pk=complaint_id).update(state=ComplaintState.REFUSED, reason=reason)
