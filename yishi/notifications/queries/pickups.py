"""What was told of parcels that wait, as the station's pages show it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from yishi.notifications.models import Delivery, PickupTold


@dataclass(frozen=True)
class PickupNotice:
    """One message about a stay; `error` is what the gateway last said where it did not go."""

    channel: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    due_at: datetime | None
    error: str

    @property
    def channel_word(self) -> str:
        return str(Delivery.Channel(self.channel).label)

    @property
    def state_word(self) -> str:
        return str(Delivery.State(self.state).label)


def notices_of_stays(parcel_ids: Collection[int]) -> dict[int, list[PickupNotice]]:
    """The messages about each of these stays, the newest first; two statements."""
    found: dict[int, list[PickupNotice]] = {}
    rows = PickupTold.objects.filter(parcel_id__in=set(parcel_ids)).select_related("delivery")
    for told in rows.prefetch_related("delivery__attempts").order_by("-delivery_id"):
        row = told.delivery
        tries = sorted(row.attempts.all(), key=lambda one: one.at)
        error = tries[-1].error if tries else ""
        notice = PickupNotice(row.channel, row.state, row.created_at, row.sent_at, row.due_at, error)
        found.setdefault(told.parcel_id, []).append(notice)
    return found
