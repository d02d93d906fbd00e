"""Which sources can be asked, and how the parcels stand that they are asked about."""

import importlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Count

from yishi.feeds.models import Source, Subscription
from yishi.feeds.port import FeedClient, Limits
from yishi.feeds.queries.sources import PLUGINS, plugins
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@cache
def clients() -> dict[str, FeedClient]:
    """The plug-ins whose source can be asked, by name: their card carries a `CLIENT`."""
    found: dict[str, FeedClient] = {}
    for name in plugins():
        client = getattr(importlib.import_module(f"{PLUGINS}.{name}.card"), "CLIENT", None)
        if client is not None:
            found[name] = client
    return found


def client_of(plugin: str) -> FeedClient | None:
    """How sources of this plug-in are asked; None where they only push."""
    return clients().get(plugin)


@dataclass(frozen=True)
class AskedSource:
    """A source as the worker needs it to ask."""

    id: int
    code: str
    settings: dict[str, str]
    push_path: str
    client: FeedClient
    polled_every: timedelta | None

    @property
    def query_every(self) -> timedelta | None:
        """How often a parcel is queried: as the operator wishes, within what the source allows."""
        least = self.client.limits.query_every
        return None if least is None or self.polled_every is None else max(least, self.polled_every)

    @property
    def at_most(self) -> int | None:
        """Subscriptions in 30 days; None where this source is only polled, having no address for pushes."""
        return self.client.limits.subscribe_at_most if self.push_path else None


def list_asked_sources() -> list[AskedSource]:
    """Every source that may be asked now."""
    rows = Source.objects.filter(plugin__in=clients(), is_paused=False, asking_stopped="").order_by("code")
    return [asked_source(row) for row in rows]


def asked_source(row: Source) -> AskedSource:
    """The row of a source whose plug-in has a client, as the worker needs it."""
    return AskedSource(
        id=row.pk,
        code=row.code,
        settings=json.loads(row.settings or "{}"),
        push_path=row.push_path or "",
        client=clients()[row.plugin],
        polled_every=row.polled_every,
    )


@dataclass(frozen=True)
class Follower:
    """A source that follows new parcels by itself; `carrier` "" = of every carrier."""

    id: int
    code: str
    carrier: str
    limits: Limits


def list_followers() -> list[Follower]:
    """The sources whose setting "follow new parcels" is on."""
    rows = Source.objects.filter(is_following=True, is_paused=False, plugin__in=clients())
    fields = rows.order_by("pk").values_list("pk", "code", "carrier", "plugin")
    return [Follower(pk, code, carrier, clients()[plugin].limits) for pk, code, carrier, plugin in fields]


@dataclass(frozen=True)
class FollowedParcel:
    """A parcel that a source is asked about, for the operator's pages."""

    waybill_no: str
    carrier: str
    state: str
    error: str
    tries: int
    due_at: datetime | None


def list_followed(*, viewer: Viewer, source_code: str, state: str, limit: int = 50) -> list[FollowedParcel]:
    """The newest parcels of a source in that state (such as REFUSED, with the reason). Needs
    FEEDS_MANAGE."""
    require(viewer, Permission.FEEDS_MANAGE)
    rows = Subscription.objects.filter(source__code=source_code, state=state).order_by("-pk")[:limit]
    return [FollowedParcel(r.waybill_no, r.carrier, r.state, r.error, r.tries, r.due_at) for r in rows]


def count_followed() -> dict[tuple[int, str], int]:
    """How many parcels each source is asked about, by its id and their state."""
    rows = Subscription.objects.values_list("source_id", "state").annotate(n=Count("pk"))
    return {(source_id, state): n for source_id, state, n in rows}
