"""The worker's part: answers by channels, hand-overs summed up, models trained and followed."""

import logging
import subprocess
import sys
from datetime import datetime, timedelta

from yishi.assistant.actions.errands import ANSWER, claim_errands, end_errand
from yishi.assistant.actions.group import answer_group
from yishi.assistant.actions.settle import judge_due
from yishi.assistant.actions.summary import summarise_handover
from yishi.assistant.actions.turn import take_turn
from yishi.assistant.actions.versions import keep_published
from yishi.assistant.models import TrainedModel
from yishi.conversations.queries.threads import get_message
from yishi.conversations.rules import GROUPS

log = logging.getLogger(__name__)

_TRAINING_MOST_S = 1_800
_TRAINED_AGAIN = timedelta(hours=1)


def sweep_errands(*, at: datetime, limit: int = 20) -> int:
    """Does what is due, each by itself; one that fails is tried again later and holds up nobody."""
    errands = claim_errands(at=at, limit=limit)
    for kind, subject_id in errands:
        try:
            if kind == ANSWER:
                _answer(subject_id, at=at)
            else:
                summarise_handover(conversation_id=subject_id, at=at)
        except Exception:
            log.exception("errand failed", extra={"kind": kind, "subject": subject_id})
            continue
        end_errand(kind=kind, subject_id=subject_id)
    return len(errands)


def sweep_training(*, at: datetime, limit: int) -> int:
    """Trains the version that waits, in a process whose memory goes with it; a failed one is tried hourly."""
    waiting = TrainedModel.objects.filter(due_at__lte=at).order_by("due_at")
    number = waiting.values_list("version_no", flat=True).first()
    if number is None:
        return 0
    TrainedModel.objects.filter(version_no=number).update(due_at=at + _TRAINED_AGAIN)
    command = [sys.executable, "-m", "yishi.cli.main", "assistant", "train", str(number)]
    subprocess.run(command, check=True, timeout=_TRAINING_MOST_S, stdout=subprocess.DEVNULL)
    return 1


def follow_published(*, at: datetime) -> None:
    """What another machine published is used here too."""
    keep_published()


def sweep_settlements(*, at: datetime, limit: int = 50) -> int:
    """Judges by the record the conversations that 72 h have passed over; returns how many."""
    return judge_due(at=at, limit=limit)


def _answer(message_id: int, *, at: datetime) -> None:
    """Colleagues in a group speak in commands; everybody else to the assistant."""
    if get_message(message_id)[1].channel in GROUPS:
        answer_group(message_id=message_id, at=at)
    else:
        take_turn(message_id=message_id, at=at)
