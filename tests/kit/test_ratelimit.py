"""Limits: exactly the limit passes, the next is told when to come back; proxies are believed by name only."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.kit.errors import TooMany
from yishi.kit.models import RateCount
from yishi.kit.ratelimit import check_rate, client_address, rate_key

AT = datetime(2026, 11, 22, 3, 0, 10, tzinfo=UTC)


def ask(key: str = "198.51.100.7", at: datetime = AT, kind: str = "look-up") -> None:
    check_rate(kind=kind, key=key, limit=3, window_s=60, at=at)


@pytest.mark.django_db
def test_one_beyond_the_limit_is_refused_until_the_window_ends() -> None:
    for _ in range(3):
        ask()
    with pytest.raises(TooMany) as refused:
        ask()
    assert refused.value.retry_after_s == 50
    ask(at=AT + timedelta(seconds=50))


@pytest.mark.django_db
def test_others_and_other_kinds_are_counted_apart() -> None:
    for key, kind in [("a", "x"), ("b", "x"), ("a", "y")]:
        for _ in range(3):
            ask(key=key, kind=kind)
    assert RateCount.objects.count() == 3


@pytest.mark.django_db
def test_a_question_keeps_no_address() -> None:
    ask()
    assert b"198.51" not in bytes(RateCount.objects.get().key_hash)


PROXIES = ("127.0.0.1", "10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),  # a stranger may write what he likes
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # the left part is hearsay
        ("127.0.0.1", "203.0.113.9, 10.1.2.3", "203.0.113.9"),  # two of our proxies
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, nonsense", "127.0.0.1"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("", "203.0.113.9", ""),
    ],
)
def test_who_is_asking(remote: str, forwarded: str, address: str) -> None:
    assert client_address({"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}, PROXIES) == address


@pytest.mark.parametrize(
    ("address", "key"), [("203.0.113.9", "203.0.113.9"), ("2001:db8::9:1", "2001:db8::/64"), ("", "")]
)
def test_an_ipv6_household_counts_as_one(address: str, key: str) -> None:
    assert rate_key(address) == key
