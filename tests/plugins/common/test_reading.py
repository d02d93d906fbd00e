"""Bodies as senders really write them, read or refused, never crashed on."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from yishi.feeds.port import Unreadable
from yishi.plugins.common.reading import as_text, form_fields, load_json, moment, same, word

ZONE = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 11, 20, 10, 15, 30, tzinfo=ZONE)
MINUTE = TEN.replace(second=0)
EPOCH = int(TEN.timestamp())


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("2026-11-20 10:15:30", TEN),
        (" 2026-11-20 10:15:30 ", TEN),
        ("2026-11-20T10:15:30", TEN),
        ("2026-11-20T10:15:30+08:00", TEN),
        ("2026-11-20T10:15:30+0800", TEN),
        ("2026-11-20T02:15:30Z", TEN),
        ("2026-11-20T02:15:30.000Z", TEN),
        ("2026-11-20 10:15:30.5", TEN.replace(microsecond=500_000)),
        ("2026-11-20 10:15", MINUTE),
        ("2026/11/20 10:15", MINUTE),
        ("2026/11/20 10:15:30", TEN),
        ("2026/1/5 9:05", datetime(2026, 1, 5, 9, 5, tzinfo=ZONE)),
        ("2026-1-5 9:05:07", datetime(2026, 1, 5, 9, 5, 7, tzinfo=ZONE)),
        ("2026年11月20日 10:15", MINUTE),
        ("2026年11月20日10时15分30秒", TEN),
        ("20261120101530", TEN),
        (20261120101530, TEN),
        ("202611201015", MINUTE),
        ("20261120", datetime(2026, 11, 20, tzinfo=ZONE)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=ZONE)),
        (EPOCH, TEN),
        (str(EPOCH), TEN),
        (EPOCH * 1000, TEN),
        (f"{EPOCH}123", TEN.replace(microsecond=123_000)),
        (f"{EPOCH}.25", TEN.replace(microsecond=250_000)),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("1970-01-01 00:00:00", datetime(1970, 1, 1, tzinfo=ZONE)),
        ("2099-01-01 00:00:00", datetime(2099, 1, 1, tzinfo=ZONE)),
    ],
)
def test_a_time_is_read(said, found):
    assert moment(said, ZONE) == found
    assert moment(said, ZONE).tzinfo is not None


@pytest.mark.parametrize(
    "said",
    [None, "", " ", "null", "yesterday", "2026-13-01 10:00:00", "2026-11-31", "25:00", "20261399000000",
     "1" * 16, "9" * 40, "9" * 5000, "-5", -5, "1.2.3", "²", True, [], {}, "2026-11-20 10:15:30 CST", "\x00",
     "2026/11/20 99:99", float("inf"), float("nan"), 1e300],
)  # fmt: skip
def test_what_is_no_time_is_none(said):
    assert moment(said, ZONE) is None


def test_a_time_without_zone_is_in_the_sources_own():
    assert moment("2026-11-20 10:00:00", ZoneInfo("Asia/Tokyo")).astimezone(UTC).hour == 1
    assert moment("20261120100000", ZoneInfo("America/New_York")).astimezone(UTC).hour == 15


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('{"a": "驿站"}'.encode(), {"a": "驿站"}),
        (b"\xef\xbb\xbf" + '{"a": "驿站"}'.encode(), {"a": "驿站"}),
        ('{"a": "驿站"}'.encode("gb18030"), {"a": "驿站"}),
        # the second byte of 誠 in this encoding is the backslash of JSON
        ('{"a": "誠"}'.encode("gb18030"), {"a": "誠"}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'{"a": 73190553102532}', {"a": 73190553102532}),
        (b'{"a": 12345678901234567890123456789012}', {"a": 12345678901234567890123456789012}),
        (b'{"a": 1.50}', {"a": "1.50"}),
        (b'{"a": 1e999}', {"a": "1e999"}),
        (b'{"a": NaN}', {"a": "NaN"}),
        (b'{"a": "one\ntwo"}', {"a": "one\ntwo"}),
        (b'{"a": "cut \\ud83d"}', {"a": "cut \ud83d"}),
        ('{"a": "text"}', {"a": "text"}),
    ],
)
def test_json_is_read(body, value):
    assert load_json(body) == value


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"{", b"{'a': 1}", b'{"a": 1} x', b"[" * 200_000, b'{"a":' * 100_000, b"1" * 10_000,
     b"\xff\xfe\x00", b"<xml/>", b"\x00", '{"a": "驿站"}'.encode("gb18030")[:-4], "\ud800"],
)  # fmt: skip
def test_what_is_no_json_is_unreadable(body):
    with pytest.raises(Unreadable) as caught:
        load_json(body)
    assert caught.value.reason == "bad_json"


def test_numbers_are_read_as_text_without_losing_digits():
    value = load_json(b'{"mailno": 3160000261634, "weight": 1.50, "long": 12345678901234567890}')
    assert [word(v) for v in value.values()] == ["3160000261634", "1.50", "12345678901234567890"]


@pytest.mark.parametrize("value", [None, True, False, [], {}, ["x"], b"x"])
def test_what_is_no_word_is_empty(value):
    assert word(value) == ""


def test_texts_of_either_encoding():
    assert as_text("\ufeff韵达".encode()) == as_text("韵达".encode("gb18030")) == "韵达"
    with pytest.raises(Unreadable, match="neither"):
        as_text(b"\xff\xff")


def test_a_text_cut_within_a_character_costs_that_character_only():
    whole = '{"a": "快件已存放至百家湖驿站"}'.encode()
    cut = whole.replace("站".encode(), "站".encode()[:2])
    assert load_json(cut) == {"a": "快件已存放至百家湖驿\ufffd"}
    assert as_text(cut[:-1]).count("\ufffd") == 1


def test_a_form_stays_bytes():
    assert form_fields(b"sign=a%2Bb&param=%ff+%E9&empty&=x\n") == {
        b"sign": b"a+b",
        b"param": b"\xff \xe9",
        b"empty": b"",
        b"": b"x",
    }
    assert len(form_fields(b"&".join(b"f%d=1" % n for n in range(100_000)))) == 50


def test_signatures_are_compared_whatever_they_are():
    assert same("abc", b"abc")
    assert not same("abc", "abd")
    assert not same("签", "abc")
