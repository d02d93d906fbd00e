"""Complaints that platforms hand on: kept as they came, once each, until a case is opened for them."""

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from django.db import transaction

from yishi.feeds.facts import ComplaintsReceived
from yishi.feeds.models import Complaint, ComplaintState
from yishi.feeds.port import ParsedComplaint
from yishi.feeds.queries.sources import SourceCard
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import seal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

LONGEST_NUMBER = 100
# control signs and half surrogates, which neither a table nor a sealed text can hold
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

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
    plain = [_plain(each) for each in reversed(complaints)]
    said = {_number_of(each): seal(msgspec.json.encode(each).decode()) for each in plain}
    numbers = sorted(said)
    rows = hot_cursor().execute(_KEEP, [source.id, at, numbers, [said[number] for number in numbers]])
    ids = sorted(int(row[0]) for row in rows)
    for complaint_id in ids:
        # a fact each: what fails is tried again alone
        announce(ComplaintsReceived(complaint_ids=(complaint_id,), at=at))
    return len(ids)


def _plain(complaint: ParsedComplaint) -> ParsedComplaint:
    words = {
        name: _UNFIT.sub("", getattr(complaint, name)).strip()
        for name in ("external_no", "category", "text", "waybill_no", "carrier", "phone", "name")
    }
    pictures = tuple(_UNFIT.sub("", url) for url in complaint.pictures)
    return msgspec.structs.replace(complaint, pictures=pictures, **words)


def _number_of(complaint: ParsedComplaint) -> str:
    number = complaint.external_no
    if 0 < len(number) <= LONGEST_NUMBER:
        return number
    return sha256(number.encode() or msgspec.json.encode(complaint)).hexdigest()


def note_opened(*, complaint_id: int, case_no: str) -> None:
    """A case stands for this complaint from now on."""
    Complaint.objects.filter(pk=complaint_id).update(state=ComplaintState.OPENED, case_no=case_no, reason="")


def note_refused(*, complaint_id: int, reason: str) -> None:
    """No case could be opened, for a reason that trying again does not mend; an operator sees it."""
    Complaint.objects.filter(pk=complaint_id).update(state=ComplaintState.REFUSED, reason=reason)


class NothingToOpen(Refusal):
    """这条诉求已经建了工单，或正在建"""

    code = "nothing_to_open"
    status = 409


@transaction.atomic
def hand_on_again(*, complaint_id: int, by: Viewer, at: datetime) -> None:
    """Lets the worker try once more to open the case of a refused one. Raises NotFound, NothingToOpen."""
    require(by, Permission.FEEDS_MANAGE)
    row = Complaint.objects.select_for_update().filter(pk=complaint_id).first()
    if row is None:
        raise NotFound
    if row.state != ComplaintState.REFUSED:
        raise NothingToOpen
    row.state, row.reason = ComplaintState.WAITING, ""
    row.save(update_fields=["state", "reason"])
    announce(ComplaintsReceived(complaint_ids=(row.pk,), at=at))
