"""What a feed reported, made ready or refused, and how refusals are counted."""

from datetime import UTC, datetime

import pytest

from yishi.feeds.port import ParsedEvent, Rejected
from yishi.shipments.rules.scans import as_sent, milliseconds, ready_scans

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def ready(**values):
    said = {"waybill_no": "YT12345678", "kind": "accepted", "happened_at": AT} | values
    return ready_scans([ParsedEvent(**said)], source_id=1, plugin="generic", carrier="", at=AT)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"waybill_no": "x"}, "bad_waybill_no"),
        ({"kind": "flown"}, "unknown_kind"),
        ({"happened_at": AT.replace(tzinfo=None)}, "time_without_offset"),
        ({"happened_at": AT.replace(year=1998)}, "time_out_of_range"),
        ({"happened_at": AT.replace(year=1)}, "time_out_of_range"),
        ({"happened_at": AT.replace(year=9999)}, "time_out_of_range"),
        ({"text": "长" * 4001}, "too_long"),
        ({"courier": "9" * 101}, "too_long"),
        ({"source_code": "9" * 65}, "too_long"),
    ],
)
def test_refusals(values, reason):
    assert ready(**values) == ([], [Rejected(0, reason)])


def test_a_long_text_within_the_limit_is_kept_whole():
    (scan,), _ = ready(text="长" * 4000)
    assert len(scan.text) == 4000


def test_unfit_signs_go_before_the_identity_is_taken():
    (first,), _ = ready(text="到了")
    (second,), _ = ready(text="到\x00了\x1f")
    assert first.identity == second.identity


@pytest.mark.parametrize(
    "values",
    [
        {"waybill_no": "YT12345679"},
        {"kind": "lost"},
        {"happened_at": AT.replace(microsecond=1000)},
        {"source_code": "1"},
        {"detail": "self"},
        {"city": "南京市"},
        {"outlet": "1"},
        {"text": "x"},
    ],
)
def test_identity_covers_what_the_contract_names(values):
    assert ready()[0][0].identity != ready(**values)[0][0].identity


@pytest.mark.parametrize(
    "values", [{"courier": "7"}, {"carrier": "zto"}, {"happened_at": AT.replace(microsecond=999)}]
)
def test_identity_leaves_out_the_rest(values):
    assert ready()[0][0].identity == ready(**values)[0][0].identity


def test_milliseconds_are_cut_off_exactly():
    for micro in range(0, 1_000_000, 997):
        moment = AT.replace(microsecond=micro)
        assert milliseconds(moment) % 1000 == micro // 1000


def test_refusals_are_counted_as_sent():
    # sent: 0 broken, 1 good, 2 broken, 3 bad number, 4 good, 5 bad kind
    outer = [Rejected(0, "bad_json"), Rejected(2, "bad_json")]
    inner = [Rejected(1, "bad_waybill_no"), Rejected(3, "unknown_kind")]
    found = [(r.index, r.reason) for r in as_sent(inner, outer)]
    assert found == [(0, "bad_json"), (2, "bad_json"), (3, "bad_waybill_no"), (5, "unknown_kind")]
