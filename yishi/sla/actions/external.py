"""The deadline of whoever sent the work order: when he moves it, the clock starts anew towards it."""

from datetime import datetime, timedelta

from django.db import transaction

from yishi.sla.actions.change import note_strictest, running_clocks
from yishi.sla.models.clocks import SlaClock
from yishi.sla.rules.clocks import marks

ESCALATE_WITHIN = timedelta(hours=2)


@transaction.atomic
def move_external(*, case_id: int, due_at: datetime, at: datetime) -> None:
    """The running clock stops without an outcome (a breach that had happened stays) and another runs to the
    new moment, in natural time: warnings count from now. The caller holds the case."""
    for clock in running_clocks(case_id):
        if clock.kind == "EXTERNAL":
            clock.stopped_at, clock.act_at = at, None
            clock.save()
    within = max(due_at - at, timedelta(seconds=1))
    given = marks(min(at, due_at - within), within, None)
    SlaClock.objects.create(
        subject_id=case_id,
        kind="EXTERNAL",
        started_at=given.started_at,
        within=within,
        half_at=given.half_at,
        most_at=given.most_at,
        due_at=given.due_at,
        escalate_within=ESCALATE_WITHIN,
        act_at=given.half_at,
    )
    note_strictest(case_id)
