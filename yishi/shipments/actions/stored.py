"""Bodies that lie in the inbox already: polled, or replayed from quarantine."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from yishi.feeds.actions.inbox import finish_replay
from yishi.feeds.queries.quarantine import open_body
from yishi.feeds.queries.sources import get_source
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.rules.counts import Counts


@transaction.atomic
def take_in_stored(*, raw_id: int, at: datetime) -> Counts:
    """Takes a stored body in through the one path; what still cannot be read stays in quarantine, with
    its reason."""
    stored = open_body(raw_id)
    counts = take_in(
        # as if heard just now: what lay here is no sign that the source still speaks
        source=replace(get_source(stored.source_code), last_input_at=at),
        body=stored.body,
        content_type=stored.content_type,
        at=at,
    )
    if not counts.quarantined:
        finish_replay(raw_id=raw_id)
    return counts
