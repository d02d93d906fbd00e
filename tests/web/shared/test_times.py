"""Times in words, seen from a fixed moment in the installation's zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yishi.web.shared.times import ago_words, moment_words

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 14, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW.replace(hour=8, minute=47), "今天 08:47"),
        (NOW.replace(hour=0, minute=0), "今天 00:00"),
        (NOW.replace(hour=0, minute=0) - timedelta(minutes=1), "昨天 23:59"),
        (NOW - timedelta(days=2), "周五 14:00"),
        (NOW - timedelta(days=6), "11月16日 14:00"),
        (NOW + timedelta(days=1), "明天 14:00"),
        (NOW + timedelta(days=3), "周三 14:00"),
        (NOW.replace(year=2025), "2025年11月22日 14:00"),
    ],
)
def test_a_moment_in_words(moment, words):
    assert moment_words(moment, NOW) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "刚刚"), (1, "1 分钟前"), (59, "59 分钟前"), (60, "1 小时前"), (24 * 60, "昨天 14:00")],
)
def test_how_long_ago(minutes, words):
    assert ago_words(NOW - timedelta(minutes=minutes), NOW) == words
