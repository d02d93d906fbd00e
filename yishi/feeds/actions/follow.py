"""Parcels that sources are asked about: wanted, found ended or given up. Nothing here waits for the
network."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from yishi.feeds.models import FollowState, Source, Subscription
from yishi.feeds.port import ENDED, SubscriptionNews, Wanted
from yishi.feeds.queries.following import Follower, client_of, clients, list_followers
from yishi.feeds.queries.sources import SourceCard
from yishi.feeds.rules import FOLLOWED_AFTER_END, FOLLOWED_FOR
from yishi.kit.errors import NotFound, Refusal, TooMany
from yishi.kit.hot import hot_cursor
from yishi.kit.ratelimit import check_rate
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

# an integrator's price list counts parcels: strangers who type numbers must not run up a bill
LOOKED_UP_AN_HOUR = 120

_OVER = (FollowState.ENDED, FollowState.REFUSED)


class CannotFollow(Refusal):
    """这个来源只能接收推送，不能订阅或查询"""

    code = "cannot_follow"
    status = 422


class NeedsCarrier(Refusal):
    """这个来源要先知道快递公司"""

    code = "needs_carrier"
    status = 422


class NeedsPhoneTail(Refusal):
    """这家快递公司要求手机号后四位"""

    code = "needs_phone_tail"
    status = 422


class TooOften(Refusal):
    """这个来源最快每 %(minutes)s 分钟查询一次"""

    code = "too_often"
    status = 422


@transaction.atomic
def change_asking(
    *, code: str, is_following: bool, polled_every: timedelta | None, by: Viewer, at: datetime
) -> None:
    """Whether a source follows new parcels by itself, and how often it is asked about those that it follows
    (None: never, it only pushes).

    Raises NotAllowed, NotFound, CannotFollow, TooOften.
    """
    require(by, Permission.FEEDS_MANAGE)
    source = Source.objects.filter(code=code).first()
    if source is None:
        raise NotFound
    client = client_of(source.plugin)
    if client is None or (polled_every is not None and client.limits.query_every is None):
        raise CannotFollow
    least = client.limits.query_every
    if polled_every is not None and least is not None and polled_every < least:
        raise TooOften(minutes=int(least.total_seconds() // 60))
    changed = {"is_following": is_following, "polled_every": polled_every}
    Source.objects.filter(pk=source.pk).update(**changed)
    if polled_every is not None and source.polled_every is None:
        followed = Subscription.objects.filter(source=source, state=FollowState.ACTIVE, due_at__gt=at)
        followed.update(due_at=at)


@transaction.atomic
def follow(
    *, waybill_no: str, carrier: str, source_code: str, phone_tail: str, by: Viewer, at: datetime
) -> None:
    """Has a source asked about this parcel from now on. Once more changes nothing while it is followed; one
    that had ended or was refused begins again, within the source's limits.

    Raises NotAllowed, NotFound, CannotFollow, NeedsCarrier, NeedsPhoneTail.
    """
    require(by, Permission.FEEDS_MANAGE)
    source = Source.objects.filter(code=source_code).first()
    if source is None:
        raise NotFound
    client = client_of(source.plugin)
    if client is None:
        raise CannotFollow
    if client.limits.needs_carrier and not carrier:
        raise NeedsCarrier
    if carrier in client.limits.tail_for and not phone_tail:
        raise NeedsPhoneTail
    key = {"source": source, "waybill_no": waybill_no, "carrier": carrier}
    tail = phone_tail[-4:] if carrier in client.limits.tail_for else None
    fresh = {"phone_tail": tail, "due_at": at, "created_at": at, "until_at": at + FOLLOWED_FOR}
    row, is_new = Subscription.objects.select_for_update().get_or_create(**key, defaults=fresh)
    if not is_new and row.state in _OVER:
        Subscription.objects.filter(pk=row.pk).update(**fresh, state=FollowState.WANTED, tries=0, error="")


@transaction.atomic
def follow_new(*, parcels: Iterable[Wanted], at: datetime) -> None:
    """Parcels that master data made known are followed by every source whose setting says so.

    Only those that a source can be asked about: of its carrier, with the phone's tail where that is wanted.
    """
    followers = list_followers()
    wanted = list(parcels) if followers else []
    for follower in followers:
        rows = [_row(follower, parcel, at) for parcel in wanted if _can_follow(follower, parcel)]
        Subscription.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def follow_looked_up(*, waybill_no: str, carrier: str = "", at: datetime) -> None:
    """Somebody looked for a number that nobody knows: sources that follow new parcels are asked about it.

    A source that must know the carrier is asked about the likely one, if given; others recognise it better
    themselves. Only enqueues, once a number. Beyond LOOKED_UP_AN_HOUR numbers an hour the rest is not
    followed, so that guessing numbers costs the operator nothing; it is no error of whoever looks. Call it
    outside a transaction.
    """
    said, guessed = Wanted(waybill_no, ""), Wanted(waybill_no, carrier)
    chosen = [
        (follower, said if _can_follow(follower, said) else guessed)
        for follower in list_followers()
        if _can_follow(follower, said) or (carrier and _can_follow(follower, guessed))
    ]
    known = set(
        Subscription.objects.filter(source__in=[f.id for f, _ in chosen], waybill_no=waybill_no).values_list(
            "source_id", flat=True
        )
    )
    for follower, parcel in chosen:
        if follower.id in known:
            continue
        try:
            check_rate(kind="followed", key=follower.code, limit=LOOKED_UP_AN_HOUR, window_s=3600, at=at)
        except TooMany:
            continue
        Subscription.objects.bulk_create([_row(follower, parcel, at)], ignore_conflicts=True)


def _can_follow(follower: Follower, parcel: Wanted) -> bool:
    limits = follower.limits
    if not parcel.carrier:
        return not limits.needs_carrier and not follower.carrier
    if follower.carrier not in ("", parcel.carrier):
        return False
    return parcel.carrier not in limits.tail_for or bool(parcel.phone_tail)


def _row(follower: Follower, parcel: Wanted, at: datetime) -> Subscription:
    tail = parcel.phone_tail[-4:] if parcel.carrier in follower.limits.tail_for else None
    return Subscription(
        source_id=follower.id,
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        phone_tail=tail,
        due_at=at,
        created_at=at,
        until_at=at + FOLLOWED_FOR,
    )


def hear_of_subscriptions(*, source: SourceCard, news: Iterable[SubscriptionNews], at: datetime) -> None:
    """What a push said of our own subscriptions: ended ones rest, lost ones are asked for again later.

    A parcel that nobody follows here (subscribed by other means) is left alone. Must stand in a transaction.
    """
    client = client_of(source.plugin)
    if client is None:
        return
    for said in news:
        found = Subscription.objects.filter(source_id=source.id, waybill_no=said.waybill_no)
        if said.carrier:
            found = found.filter(carrier__in=("", said.carrier))
        open_rows = found.filter(state__in=(FollowState.WANTED, FollowState.ACTIVE))
        if said.state == ENDED:
            open_rows.update(state=FollowState.ENDED, due_at=None, error="")
        else:
            again_at = at + client.limits.again_within
            open_rows.update(state=FollowState.WANTED, due_at=again_at, tries=0, error=said.reason[:200])


_END = """
UPDATE feeds_subscription f SET until_at = least(f.until_at, %s), due_at = least(f.due_at, %s)
FROM unnest(%s::text[], %s::text[]) AS n (waybill_no, carrier)
WHERE f.source_id = ANY(%s) AND f.waybill_no = n.waybill_no AND f.carrier IN ('', n.carrier)
  AND f.due_at IS NOT NULL
"""


def end_following(*, parcels: Collection[tuple[str, str]], at: datetime) -> None:
    """These parcels (number, carrier) have come to their end, whichever source told it: nobody is asked about
    them any more, but for a few days in which an end can turn out to be none."""
    sources = list(Source.objects.filter(plugin__in=clients()).values_list("pk", flat=True))
    if not sources or not parcels:
        return
    until = at + FOLLOWED_AFTER_END
    numbers, carriers = zip(*sorted(parcels), strict=True)
    hot_cursor().execute(_END, [until, until, list(numbers), list(carriers), sources])
