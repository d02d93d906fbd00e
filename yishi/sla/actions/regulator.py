"""The authority's clock: it has sent a complaint on to us and waits for our answer."""

from datetime import datetime, timedelta

from django.db import transaction

from yishi.sla.actions.change import note_strictest, running_clocks
from yishi.sla.actions.start import start_by_law
from yishi.sla.rules.law import APPEAL_ANSWER


@transaction.atomic
def start_regulator(
    *, case_id: int, received_at: datetime, within_days: int | None, at: datetime
) -> timedelta | None:
    """Runs from the day the notice came, for the days it names, else for the limit that holds here.

    A newer notice replaces the older one's clock. Returns the length; nothing where none is known.
    """
    for clock in running_clocks(case_id):
        if clock.kind == "REGULATOR":
            clock.stopped_at, clock.act_at = at, None
            clock.save(update_fields=["stopped_at", "act_at"])
    within = timedelta(days=within_days) if within_days else None
    length = start_by_law(case_id=case_id, kind="REGULATOR", key=APPEAL_ANSWER, at=received_at, within=within)
    note_strictest(case_id)
    return length
