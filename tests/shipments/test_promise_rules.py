"""Which promise holds for a parcel, and by when it is due."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from yishi.shipments.rules.promises import Lane, PromiseTerms, promise_of, read_table, read_terms
from yishi.shipments.rules.provinces import plain_city, province_of

ZONE = ZoneInfo("Asia/Shanghai")
ACCEPTED = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # half past eleven at night in Shanghai
LANE = Lane("yuantong", "标准快递", "杭州市", "南京市")


def terms(**values):
    return PromiseTerms(**{"within_hours": 48, "valid_from": date(2026, 1, 1), "source": "公约"} | values)


RULES = {
    1: terms(),
    2: terms(carrier="yuantong"),
    3: terms(product="标准快递"),
    4: terms(origin="浙江"),
    5: terms(origin="杭州"),
    6: terms(destination="江苏省"),
    7: terms(destination="南京"),
}


@pytest.mark.parametrize("less", range(1, 7))
def test_the_more_closely_a_rule_names_the_parcel_the_sooner_it_counts(less):
    chosen = [(number, RULES[number]) for number in (less + 1, less)]
    found = promise_of(chosen, LANE, ACCEPTED, ZONE)
    assert found is not None and found[0] == less + 1


@pytest.mark.parametrize(
    "other",
    [
        terms(carrier="zhongtong"),
        terms(product="冷链"),
        terms(origin="江苏"),
        terms(destination="苏州市"),
        terms(valid_from=date(2026, 11, 21)),
        terms(valid_until=date(2026, 11, 19)),
    ],
)
def test_a_rule_of_others_promises_nothing(other):
    assert promise_of([(1, other)], LANE, ACCEPTED, ZONE) is None


def test_first_and_last_day_count_where_people_live():
    only_that_day = terms(valid_from=date(2026, 11, 20), valid_until=date(2026, 11, 20))
    assert promise_of([(1, only_that_day)], LANE, ACCEPTED, ZONE) is not None


def test_a_lane_without_known_places_is_promised_only_by_rules_for_all():
    unknown = Lane("yuantong", "", "", "")
    found = promise_of([*RULES.items()], unknown, ACCEPTED, ZONE)
    assert found is not None and found[0] == 2


@pytest.mark.parametrize(
    ("rule", "due_at"),
    [
        (terms(within_hours=36), datetime(2026, 11, 22, 3, 30, tzinfo=UTC)),
        (terms(within_hours=None, days=0, clock=time(23, 45)), datetime(2026, 11, 20, 15, 45, tzinfo=UTC)),
        (terms(within_hours=None, days=2, clock=time(18)), datetime(2026, 11, 22, 10, tzinfo=UTC)),
    ],
)
def test_due_by_hours_or_by_a_time_of_day(rule, due_at):
    assert promise_of([(9, rule)], LANE, ACCEPTED, ZONE) == (9, due_at)


SAID = {"within_hours": "48", "valid_from": "2026-01-01", "source": "公约"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"source": " "}, "source"),
        ({"days": "2"}, "hours_or_day"),
        ({"within_hours": ""}, "hours_or_day"),
        ({"within_hours": "", "days": "2"}, "hours_or_day"),
        ({"within_hours": "0"}, "hours_or_day"),
        ({"within_hours": "many"}, "unreadable"),
        ({"valid_from": "1 May"}, "unreadable"),
        ({"valid_until": "2025-12-31"}, "dates"),
        ({"source": "长" * 201}, "too_long"),
    ],
)
def test_terms_that_are_not_clear_are_refused(change, reason):
    assert read_terms(SAID | change) == reason


def test_a_table_is_read_line_by_line():
    lines = [
        "destination,days,clock,valid_from,source",
        "江苏省,2,18:00,2026-01-01,公约",
        "江苏省,2,,2026-01-01,公约",
    ]
    assert list(read_table(lines)) == [
        (2, terms(destination="江苏省", within_hours=None, days=2, clock=time(18))),
        (3, "hours_or_day"),
    ]


@pytest.mark.parametrize(
    ("written", "plain", "province"),
    [
        ("南京市", "南京", "江苏"),
        ("南京", "南京", "江苏"),
        ("恩施土家族苗族自治州", "恩施", "湖北"),
        ("大兴安岭地区", "大兴安岭", "黑龙江"),
        ("上海市", "上海", "上海"),
        ("广西壮族自治区", "广西", ""),
        ("无名市", "无名", ""),
        ("", "", ""),
    ],
)
def test_places_by_their_plain_names(written, plain, province):
    assert (plain_city(written), province_of(written)) == (plain, province)
