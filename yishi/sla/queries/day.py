"""How many of some cases were settled within what was promised."""

from collections.abc import Collection

from yishi.sla.models.clocks import SlaClock


def settled_in_time(case_ids: Collection[int]) -> tuple[int, int]:
    """Of these cases: how many have a promise of a solution that was met, and of those how many unbroken.

    Returned as (in time, all); the last promise of a case counts.
    """
    rows = SlaClock.objects.filter(
        subject_kind="CASE", subject_id__in=list(case_ids), kind="RESOLUTION", met_at__isnull=False
    )
    last = dict(rows.order_by("id").values_list("subject_id", "breached_at"))
    return sum(breached_at is None for breached_at in last.values()), len(last)
