"""The worker answers who wrote by a channel, and sums up what is handed over."""

import logging
from datetime import datetime

from yishi.assistant.actions.errands import ANSWER, claim_errands, end_errand
from yishi.assistant.actions.summary import summarise_handover
from yishi.assistant.actions.turn import take_turn

log = logging.getLogger(__name__)


def sweep_errands(*, at: datetime, limit: int = 20) -> int:
    """Does what is due, each by itself; one that fails is tried again later and holds up nobody."""
    errands = claim_errands(at=at, limit=limit)
    for kind, subject_id in errands:
        try:
            if kind == ANSWER:
                take_turn(message_id=subject_id, at=at)
            else:
                summarise_handover(conversation_id=subject_id, at=at)
        except Exception:
            log.exception("errand failed", extra={"kind": kind, "subject": subject_id})
            continue
        end_errand(kind=kind, subject_id=subject_id)
    return len(errands)
