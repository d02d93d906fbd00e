"""What somebody is told whose case was merged into another."""

import uuid
from datetime import datetime

from django.utils import translation

from yishi.cases.queries.history import list_timeline
from yishi.notifications.actions.cases import tell_consumer
from yishi.notifications.actions.queue import Kind
from yishi.notifications.queries.matters import get_case_matter


def tell_of_line(*, case_id: int, entry_id: int, at: datetime) -> uuid.UUID | None:
    """Queues a notice with what a public line of the case says to its person, in his language."""
    with translation.override(get_case_matter(case_id).language):
        lines = [line.text for line in list_timeline(case_id, "PUBLIC") if line.id == entry_id]
    return tell_consumer(case_id=case_id, kind=Kind.PUBLIC_STEP, text=lines[0], at=at) if lines else None
