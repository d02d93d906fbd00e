"""What would become of quarantined bodies if they were tried again now: done for real, then taken back."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yishi.feeds.queries.health import count_unknown
from yishi.feeds.queries.quarantine import get_quarantined
from yishi.people.rules import Viewer
from yishi.shipments.actions.stored import take_in_stored

MOST_BODIES = 20
_ENOUGH_S = 3.0


@dataclass(frozen=True)
class Foreseen:
    """What would become of one body; `quarantined` is the reason why it could still not be read.

    `rejected` are (reason, how many); `unknown` counts new events whose code nobody has a meaning for.
    """

    raw_id: int
    accepted: int
    duplicate: int
    rejected: tuple[tuple[str, int], ...]
    unknown: int
    quarantined: str

    @property
    def rejected_count(self) -> int:
        return sum(count for _, count in self.rejected)


def rehearse(*, viewer: Viewer, raw_ids: Sequence[int], at: datetime) -> list[Foreseen]:
    """Takes up to 20 bodies in, one after the other, and takes everything back: nothing is written.

    After three seconds no further body is begun. Raises NotAllowed; NotFound for one that does not wait.
    """
    begin = time.monotonic()
    foreseen: list[Foreseen] = []
    with transaction.atomic():
        for raw_id in raw_ids[:MOST_BODIES]:
            if time.monotonic() - begin > _ENOUGH_S:
                break
            source = get_quarantined(viewer=viewer, raw_id=raw_id).source
            foreseen.append(_foresee(raw_id, source, at))
        transaction.set_rollback(True)
    return foreseen


def _foresee(raw_id: int, source: str, at: datetime) -> Foreseen:
    before = count_unknown(source)
    counts = take_in_stored(raw_id=raw_id, at=at)
    reasons = [refusal.reason for refusal in counts.rejected]
    return Foreseen(
        raw_id=raw_id,
        accepted=counts.accepted,
        duplicate=counts.duplicate,
        rejected=tuple((reason, reasons.count(reason)) for reason in sorted(set(reasons))),
        unknown=count_unknown(source) - before,
        quarantined=counts.quarantined,
    )
