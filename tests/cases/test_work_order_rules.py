"""Work orders of others: their words, what is news, what differs; without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.work_orders import (
    WORDS,
    Both,
    Difference,
    News,
    added_text,
    category_in,
    category_of,
    differences_of,
    news_of,
)

AT = datetime(2026, 11, 22, 18, 40, tzinfo=UTC)
SEEN = AT - timedelta(hours=3)


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("虚假签收", "SIGNED_NOT_RECEIVED"),
        ("虚签投诉/要求送货上门", "NO_DOOR_DELIVERY"),
        ("投诉与赔付-破损", "DAMAGED"),
        (" 催 件 ", "URGE"),
        ("ＵＲＧＥ", None),
        ("URGE", "URGE"),
        ("FALSE_SIGN_OFF", None),
        ("重量异常", "ACCEPTANCE"),
        ("疑难杂症", None),
        ("", None),
    ],
)
def test_what_a_sources_word_means(word: str, category: str | None) -> None:
    assert category_of(word, own={}, card={}) == category


def test_the_operators_meaning_goes_first() -> None:
    assert category_of("破损", own={"破损": "SHORT"}, card={"破损": "LOST"}) == "SHORT"
    assert category_of("疑难杂症", own={}, card={"疑难杂症": "DELAY"}) == "DELAY"
    assert all(CATEGORIES[category].is_claimable for category in WORDS.values())


def test_a_text_without_a_type_tells_it_by_its_longest_word() -> None:
    assert category_in("客户说外箱破损了") == "DAMAGED"
    assert category_in("显示签收未收到，不是破损") == "SIGNED_NOT_RECEIVED"
    assert category_in("你好") is None


@pytest.mark.parametrize(
    ("known", "same", "row", "before", "news"),
    [
        (False, False, None, None, News.NEW),
        (True, True, None, None, News.SAME),
        (True, False, None, None, News.CHANGED),
        (True, False, AT, SEEN, News.CHANGED),
        (True, False, SEEN, SEEN, News.CHANGED),
        (True, False, SEEN - timedelta(seconds=1), SEEN, News.OLDER),
        (True, False, SEEN, None, News.CHANGED),
    ],
)
def test_what_a_row_is(known: bool, same: bool, row: datetime, before: datetime, news: News) -> None:
    assert news_of(is_known=known, is_same=same, updated_at=row, known_updated_at=before) is news


@pytest.mark.parametrize(
    ("known", "said", "added"),
    [
        (["没收到"], "没收到", ""),
        (["没收到"], "没收到。已再次来电", "。已再次来电"),
        (["没收到，很急"], "很急", ""),
        (["没收到"], "改要求退回", "改要求退回"),
        (["没收到", "。已再次来电"], "没收到。已再次来电", ""),
        (["没收到"], "", ""),
    ],
)
def test_only_what_is_new_is_added(known: list[str], said: str, added: str) -> None:
    assert added_text(known, said) == added


@pytest.mark.parametrize(
    ("status", "answered", "there", "missing", "due", "found"),
    [
        ("IN_PROGRESS", None, True, False, None, set()),
        ("CLOSED", SEEN - timedelta(hours=2), False, False, None, set()),
        ("CLOSED", SEEN - timedelta(hours=2), True, False, None, {Difference.OPEN_THERE}),
        ("CLOSED", SEEN - timedelta(hours=1), True, False, None, {Difference.OPEN_THERE}),
        ("CLOSED", SEEN - timedelta(minutes=59), True, False, None, set()),
        ("CLOSED", SEEN + timedelta(minutes=1), True, False, None, set()),
        ("RESOLVED", None, True, False, None, {Difference.OPEN_THERE}),
        ("IN_PROGRESS", None, False, False, None, {Difference.CLOSED_THERE}),
        ("IN_PROGRESS", None, None, False, None, set()),
        ("IN_PROGRESS", None, True, True, AT - timedelta(days=1), {Difference.UNKNOWN_THERE}),
        ("CLOSED", None, True, True, None, set()),
        ("IN_PROGRESS", None, True, False, AT - timedelta(seconds=1), {Difference.OVERDUE_THERE}),
        ("IN_PROGRESS", None, True, False, AT, set()),
        ("IN_PROGRESS", SEEN, True, False, AT - timedelta(days=1), set()),
        (
            "CLOSED", None, True, False, AT - timedelta(days=1),
            {Difference.OPEN_THERE, Difference.OVERDUE_THERE},
        ),
    ],
)  # fmt: skip
def test_how_two_sides_differ(status, answered, there, missing, due, found) -> None:
    both = Both(
        status=status,
        answered_there_at=answered,
        is_open_there=there,
        is_missing_there=missing,
        due_at=due,
        seen_at=SEEN,
    )
    assert differences_of(both, at=AT) == found
