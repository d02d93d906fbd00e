"""Rules that look for trouble, tried on the past: how many parcels they find, how many became complaints."""

from datetime import datetime, timedelta

from yishi.cases.models.case import Case
from yishi.cases.rules.categories import OF_TROUBLE
from yishi.detection.actions.settings import Tried
from yishi.detection.queries.trials import find_on_history
from yishi.detection.rules.settings import Terms
from yishi.shipments.queries.eta import zone


def try_on_history(*, terms: Terms, days: int, at: datetime) -> Tried:
    """What these parameters would have found among a sample of the parcels of the last days.

    A complaint is a case of a person about that parcel, of the exception or complaint class. Of a parcel
    found only what came after the finding counts.
    """
    since = at - timedelta(days=days)
    looked_at, found = find_on_history(terms=terms, since=since, until=at)
    complaints = Case.objects.filter(
        shipment_id__in=looked_at, is_internal=False, case_class__in=OF_TROUBLE
    ).values_list("shipment_id", "opened_at")
    after, missed = set[int](), set[int]()
    for shipment_id, opened_at in complaints:
        if shipment_id not in found:
            missed.add(shipment_id or 0)
        elif opened_at >= found[shipment_id]:
            after.add(shipment_id)
    days_of = [moment.astimezone(zone()).date() for moment in (since, at)]
    return Tried(len(looked_at), len(found), len(after), len(missed), *days_of)
