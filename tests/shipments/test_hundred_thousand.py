"""100,000 events from a file and over HTTP: nothing lost, nothing doubled, the same states in any order."""

import json
import random
from datetime import timedelta

import pytest

from tests.shipments.tracking import AT, states
from yishi.cli.pieces import pieces
from yishi.feeds.actions.sources import ensure_source
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.models.parcels import TrackingEvent

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

COUNT = 100_000
KINDS = [
    "accepted",
    "arrived_hub",
    "departed_hub",
    "arrived_at_outlet",
    "out_for_delivery",
    "delivered",
    "delayed",
]


def lines():
    """99,000 events of 25,000 parcels, 500 repetitions and 500 that cannot be taken."""
    chance = random.Random(11)
    events = [_line(chance, number) for number in range(COUNT - 1000)]
    return [*events, *events[:500], *[b'{"waybill_no": "YT1"}'] * 500]


def _line(chance, number):
    happened_at = AT - timedelta(seconds=number % 864_000, milliseconds=number)
    event = {
        "waybill_no": f"YT{chance.randrange(25_000):011d}",
        "carrier": "yuantong",
        "kind": chance.choice(KINDS),
        "happened_at": happened_at.isoformat(),
        "place": {"city": chance.choice(["南京市", "苏州市", "杭州市"])},
        "courier": f"{chance.randrange(60):04d}",
        "text": "快件已到达网点，正在分拣",
    }
    return json.dumps(event, ensure_ascii=False).encode()


def load(path):
    """As `yishi feed import` does."""
    source = ensure_source(code="file", plugin="generic", at=AT)
    total = [0, 0, 0]
    for piece in pieces(path, is_list=True):
        counts = take_in(source=source, body=piece.body, content_type=piece.content_type, at=AT)
        for place, count in enumerate((counts.accepted, counts.duplicate, len(counts.rejected))):
            total[place] += count
    return total


def post(client, sent):
    key = add_key(role=Role.INTEGRATOR, name="erp", by=SYSTEM_VIEWER, at=AT)
    total = [0, 0, 0]
    for start in range(0, len(sent), 5000):
        body = b"\n".join(sent[start : start + 5000])
        answer = client.post(
            "/api/v1/events",
            body,
            content_type="application/x-ndjson",
            headers={"Authorization": f"Bearer {key}"},
        ).json()
        for place, count in enumerate((answer["accepted"], answer["duplicate"], len(answer["rejected"]))):
            total[place] += count
    return total


def test_from_a_file_again_and_shuffled_over_http(client, tmp_path):
    sent = lines()
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join(sent))
    assert load(path) == [99_000, 500, 500]
    before = states()
    assert load(path) == [0, 99_500, 500]
    random.Random(12).shuffle(sent)
    assert post(client, sent) == [99_000, 500, 500]
    assert states() == before
    assert TrackingEvent.objects.count() == 198_000
