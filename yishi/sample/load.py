"""Loads the sample operator: what a page needs first, a month of parcels, the cases, and then demo.json."""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from yishi.feeds.actions.sources import add_source, ensure_source
from yishi.feeds.port import Parsed
from yishi.feeds.queries.sources import SourceCard
from yishi.host.home import write_private
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sample.bookings import build_bookings
from yishi.sample.cast import MERCHANTS, OUTLETS, STATIONS
from yishi.sample.claims import build_penalties, live_claim, plans_of
from yishi.sample.history import choose_stories, is_known, live_story, viewer_of_agent
from yishi.sample.network import build_keys, build_places, build_promises, build_staff, sign_ins
from yishi.sample.phrases import build_phrases
from yishi.sample.queues import build_line
from yishi.sample.rounds import build_round
from yishi.sample.routes import DAYS, PARCELS, TROUBLES, Parcel, make_parcel
from yishi.sample.stations import BOOKED, build_stations
from yishi.sample.talks import build_talks
from yishi.sample.traces import master_data, trace
from yishi.sample.work_orders import build_work_orders
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.queries.public import get_public_shipment

SEED = 20_261
CASES = 300
SOURCE = "sample"
_FIRST = 200
_ORDERS = 6
_BATCH = 500
_SHOWN_EACH = 2
_SHOWN_FROM = 100
_TOLD_WITHIN = timedelta(days=8)


def load_sample(
    *, home: Path, at: datetime, parcels: int = PARCELS, cases: int = CASES, seed: int = SEED
) -> None:
    """Loads the whole sample; does nothing when it is there, goes on where an earlier try was cut off."""
    if (home / "demo.json").exists():
        return
    is_again = (home / "sample.json").exists()
    at = began_at(home, at)
    with transaction.atomic():
        build_places(at=at)
        build_promises(at=at)
    with _beside(lambda: build_staff(at=at)):
        source = ensure_source(code=SOURCE, plugin="generic", label="示例数据", at=at)
        first = _recent(parcels)
        for numbers in (first, [n for n in range(parcels) if n not in first]):
            made = (make_parcel(seed=seed, number=n, total=parcels, at=at) for n in numbers)
            take_parcels(made, source, seed, at)
    build_round(source=source, at=at)
    build_line(at=at)
    build_phrases(at=at)
    agents = {outlet.code: viewer_of_agent(outlet.code) for outlet in OUTLETS}
    build_bookings(agent=agents[MERCHANTS[0][2]], at=at)
    stories = choose_stories(seed=seed, total=parcels, count=cases, at=at)
    claims = plans_of(stories, at=at)
    # beside the cases: the database works for one while Python works for the other
    with _beside(lambda: build_talks(seed=seed, parcels=parcels, agents=agents, at=at)):
        for story in stories:
            agent, place = agents[story.parcel.outlet.code], claims.get(story.parcel.waybill_no)
            if is_again and is_known(story):
                continue
            if place is None:
                live_story(story, agent)
            else:
                live_claim(story, place, agent)
    build_penalties([story.parcel for story in stories[:: max(1, len(stories) // 7)]], at=at)
    made = (make_parcel(seed=seed, number=n, total=parcels, at=at) for n in first[: _ORDERS * 7 : 7])
    build_work_orders(list(made), at=at)
    here = (make_parcel(seed=seed, number=n, total=parcels, at=at) for n in first)
    build_stations(islice((p for p in here if p.outlet.code == STATIONS[0].outlet), BOOKED), at=at)
    write_demo_json(home=home, at=at, samples=show_samples(parcels=parcels, seed=seed, at=at))


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Does the work in a thread beside the block: hashing passwords takes seconds and leaves Python free.

    Inside a transaction, which no other thread would see, it is done first.
    """
    if connection.in_atomic_block:
        work()
        yield
        return
    with ThreadPoolExecutor(1) as side:
        done = side.submit(_with_own_connection, work)
        yield
        done.result()


def _with_own_connection(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def began_at(home: Path, at: datetime) -> datetime:
    """The moment that the sample's month ends at: the first try's, so that a second try says the same."""
    file = home / "sample.json"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        write_private(file, json.dumps({"at": at.isoformat()}))
    return datetime.fromisoformat(json.loads(file.read_text())["at"])


def _recent(parcels: int) -> range:
    """Some of the last six days, so that a page shows something of every kind at once."""
    days = parcels * 6 // DAYS
    return range(0, days, max(1, days // _FIRST))


def take_parcels(parcels: Iterable[Parcel], source: SourceCard, seed: int, at: datetime) -> None:
    """Takes parcels in as a feed would tell of them, a transaction a batch."""
    for batch in _batches(parcels):
        parsed = Parsed(
            events=[event for parcel in batch for event in trace(parcel, seed=seed, until=at)],
            master_data=[master_data(parcel) for parcel in batch if _is_told_of(parcel, at)],
        )
        with transaction.atomic():
            take_parsed(source=source, parsed=parsed, at=at)


def _is_told_of(parcel: Parcel, at: datetime) -> bool:
    """Shippers' systems tell of some only: here of all young ones, all in trouble, a third of the rest."""
    is_young = at - parcel.created_at < _TOLD_WITHIN
    return is_young or parcel.fate in TROUBLES or parcel.merchant is not None or parcel.number % 3 == 0


def _batches(parcels: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    parcels = iter(parcels)
    while batch := list(islice(parcels, _BATCH)):
        yield batch


def show_samples(*, parcels: int, seed: int, at: datetime) -> list[dict[str, str]]:
    """A few parcels of each milestone, with the consignee's phone, for who tries the demo."""
    shown: dict[str, list[dict[str, str]]] = {}
    for number in _recent(parcels)[:_SHOWN_FROM]:
        parcel = make_parcel(seed=seed, number=number, total=parcels, at=at)
        found = get_public_shipment(parcel.waybill_no)
        if found is not None and len(shown.setdefault(found.milestone, [])) < _SHOWN_EACH:
            sample = {"waybill_no": parcel.waybill_no, "phone": parcel.consignee.phone}
            shown[found.milestone].append({**sample, "milestone": found.milestone})
    return [sample for milestone in sorted(shown) for sample in shown[milestone]]


def write_demo_json(*, home: Path, at: datetime, samples: list[dict[str, str]]) -> None:
    """Writes what contracts.md promises of demo.json, whole or not at all, mode 0600. Makes fresh keys."""
    salt = secrets.token_hex(8)
    with transaction.atomic():
        keys = build_keys(at=at)
        path = add_source(
            code="kuaidi100", plugin="kuaidi100", settings={"salt": salt}, by=SYSTEM_VIEWER, at=at
        )
    demo = {
        "web": settings.ENVIRONMENT.web_origin,
        "live": settings.ENVIRONMENT.live_origin,
        "users": [
            {"role": p.role, "outlet": p.outlet, "username": p.username, "password": p.password}
            for p in sign_ins()
        ],
        "keys": keys,
        "feeds": {"kuaidi100": {"path": path, "salt": salt}},
        "outlets": [outlet.code for outlet in OUTLETS],
        "stations": [station.code for station in STATIONS],
        "samples": samples,
    }
    write_private(home / "demo.json", json.dumps(demo, ensure_ascii=False, indent=1))
