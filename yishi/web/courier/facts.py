"""What the record says of a parcel that is complained of: the promise, and where it was signed for."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yishi.detection.queries.signing import signing_of
from yishi.shipments.queries.parcels import StaffShipment

_KILOMETRE = 1000
_DELIVERED = "delivered"


def promise_words(parcel: StaffShipment, at: datetime) -> str:
    """Whether the promise was kept, and if not by how much; '' where nothing was promised."""
    due = parcel.promised_at
    if due is None:
        return ""
    given = [event.happened_at for event in parcel.events if event.kind == _DELIVERED]
    if given and min(given) <= due:
        return _("承诺的时间前送到了")
    if given:
        return _("比承诺的时间晚了%s") % _length(due, min(given))
    return _("承诺的时间已经过了%s，还没有签收") % _length(due, at) if due < at else _("还没到承诺的时间")


def _length(since: datetime, until: datetime) -> str:
    minutes = max(1, int((until - since).total_seconds()) // 60)
    if minutes < 60:
        return ngettext("%d 分钟", "%d 分钟", minutes) % minutes
    hours = minutes // 60
    if hours < 48:
        return ngettext("%d 小时", "%d 小时", hours) % hours
    return ngettext("%d 天", "%d 天", hours // 24) % (hours // 24)


def place_words(shipment_id: int) -> str:
    """How far from the person's usual door it was signed for; '' where that is not known."""
    signing = signing_of(shipment_id)
    if signing is None or signing.off_m is None:
        return ""
    if signing.off_m < _KILOMETRE:
        return _("签收的位置离他平时收件的地方约 %d 米") % (max(10, round(signing.off_m, -1)))
    return _("签收的位置离他平时收件的地方约 %.1f 公里") % (signing.off_m / _KILOMETRE)
