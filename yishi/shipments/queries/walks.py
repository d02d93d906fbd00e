"""How many addresses went through neighbouring numbers."""

from datetime import datetime

from yishi.kit.models import FactRow
from yishi.shipments.facts import EnumerationSuspected


def count_walks(*, since: datetime) -> int:
    """Different addresses that were slowed and reported since then."""
    told = FactRow.objects.filter(fact=EnumerationSuspected.name, announced_at__gte=since)
    return told.values("body__address").distinct().count()
