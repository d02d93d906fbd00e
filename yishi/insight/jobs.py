"""The worker's part: a training that was asked for runs in a process of its own."""

import subprocess
import sys
from datetime import datetime, timedelta

from yishi.insight.models import Training

_MOST_S = 1_800
_AGAIN = timedelta(hours=1)


def sweep_trainings(*, at: datetime, limit: int) -> int:
    """Trains what waits, in a process whose memory goes with it; a failed one is tried hourly."""
    waiting = Training.objects.filter(outcome=Training.Outcome.WAITING, due_at__lte=at)
    number = waiting.values_list("pk", flat=True).first()
    if number is None:
        return 0
    Training.objects.filter(pk=number).update(due_at=at + _AGAIN)
    command = [sys.executable, "-m", "yishi.cli.main", "risk", "train", "--number", str(number)]
    subprocess.run(command, check=True, timeout=_MOST_S, stdout=subprocess.DEVNULL)
    return 1
