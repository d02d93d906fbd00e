"""Somebody else may fetch a parcel: the person makes him a link, and can take it back."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.ids import token_hash
from yishi.stations.models.parcels import PickupProxy, StationMove, StationParcel
from yishi.stations.queries.stations import INSIDE, StationCard

MOST = 5
LASTS = timedelta(days=7)


class TooManyProxies(Refusal):
    """已经有 5 个人能代取了，先收回一个"""

    code = "too_many_proxies"


@transaction.atomic
def authorise(*, card: StationCard, parcel_id: int, proxy_name: str, at: datetime) -> str:
    """The end of a link with which this parcel, and no other of the person, can be fetched; told once.

    Raises NotFound where it waits no longer, Invalid, TooManyProxies.
    """
    if not 1 <= len(proxy_name) <= 40:
        raise Invalid([("/person", "missing_field", "写上请谁代取")])
    stay = _hold(card, parcel_id)
    if PickupProxy.objects.filter(parcel=stay, revoked_at=None, ends_at__gt=at).count() >= MOST:
        raise TooManyProxies()
    token = secrets.token_urlsafe(16)
    PickupProxy.objects.create(
        parcel=stay, proxy_name=proxy_name, token_hash=token_hash(token), made_at=at, ends_at=at + LASTS
    )
    stay.collect = StationParcel.Collect.PROXY.value
    stay.save(update_fields=["collect"])
    StationMove.objects.create(parcel=stay, kind="CHOSEN", at=at, moved_by="person", note="PROXY")
    return token


@transaction.atomic
def revoke(*, card: StationCard, parcel_id: int, proxy_id: int, at: datetime) -> None:
    """His link opens nothing any more. Raises NotFound."""
    stay = _hold(card, parcel_id)
    if not PickupProxy.objects.filter(pk=proxy_id, parcel=stay, revoked_at=None).update(revoked_at=at):
        raise NotFound()


def _hold(card: StationCard, parcel_id: int) -> StationParcel:
    rows = StationParcel.objects.select_for_update().filter(pk=parcel_id, station_id=card.id, state=INSIDE)
    stay = rows.first()
    if stay is None:
        raise NotFound()
    return stay
