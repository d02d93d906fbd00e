"""Whoever goes through neighbouring numbers is slowed, and then reported."""

from datetime import datetime

from django.db import transaction

from yishi.kit.errors import TooMany
from yishi.kit.facts import announce
from yishi.kit.personal import keyed_hash
from yishi.kit.ratelimit import count_different
from yishi.shipments.facts import EnumerationSuspected
from yishi.shipments.rules.walks import TOLD, WINDOW_S, block_of, wait_s
from yishi.shipments.rules.waybills import normalise_waybill_no


def watch_look_up(*, address: str, number: str, at: datetime) -> None:
    """Counts that this address asks for this number, before anybody knows whether it is there.

    Raises TooMany for a new number once too many neighbours were asked for; the same number again is free.
    Address and number stand in the counts as keyed hashes only, and are gone with the window. Announces
    EnumerationSuspected once an hour and address. Call it outside a transaction that may be undone.
    """
    plain = normalise_waybill_no(number)
    if plain is None:
        return
    block = f"{address}|{block_of(plain)}"
    seen = count_different(
        kind="neighbours", group=block, member=f"{address}|{plain}", window_s=WINDOW_S, at=at
    )
    if not (wait := wait_s(seen)):
        return
    if seen >= TOLD:
        _tell(address, at)
    raise TooMany(retry_after_s=wait)


@transaction.atomic
def _tell(address: str, at: datetime) -> None:
    hour = f"{address}|{at:%Y%m%d%H}"
    if count_different(kind="walk told", group=hour, member=address, window_s=3600, at=at) == 1:
        announce(EnumerationSuspected(address=keyed_hash("walk", address).hex()[:12], at=at))
