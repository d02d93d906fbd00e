"""A source that can be asked, and one parcel that it is asked about."""

from datetime import UTC, datetime, timedelta

from yishi.feeds.actions.follow import change_asking, follow
from yishi.feeds.actions.sources import add_source
from yishi.feeds.jobs import sweep_due_subscriptions
from yishi.feeds.models import Subscription
from yishi.people.rules import SYSTEM_VIEWER

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NUMBER = "YT9900000000017"


def add_asked(fake, plugin="kuaidi100", at=AT, **asking):
    """The source, asked as `asking` says; its push path."""
    path = add_source(code=plugin, plugin=plugin, settings=getattr(fake, plugin), by=SYSTEM_VIEWER, at=at)
    if asking:
        said = {"is_following": False, "polled_every": None} | asking
        change_asking(code=plugin, by=SYSTEM_VIEWER, at=at, **said)
    return path


def want(number=NUMBER, carrier="yuantong", source="kuaidi100", tail="", at=AT, by=SYSTEM_VIEWER):
    follow(waybill_no=number, carrier=carrier, source_code=source, phone_tail=tail, by=by, at=at)
    return Subscription.objects.get(source__code=source, waybill_no=number, carrier=carrier)


def sweep(**later):
    return sweep_due_subscriptions(at=AT + timedelta(**later))
