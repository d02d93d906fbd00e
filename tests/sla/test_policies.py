"""Which policy, which law, which level, whose hours: decided by tables."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from yishi.sla.rules.chain import Hours, Step, after, ends_at, reachable_at
from yishi.sla.rules.days import read_days, read_spans, write_spans
from yishi.sla.rules.law import Limit, limit_of
from yishi.sla.rules.policies import Matter, Policy, choose, faults_of, is_base

HOUR = timedelta(hours=1)
AT = datetime(2027, 2, 8, 4, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MATTER = Matter(
    case_class="E",
    category="LOST",
    type_keys=("lost.whole", "lost"),
    customer_class="VIP",
    priority=2,
    outlet_id=7,
    region_ids=(3, 1),
)


def policy(number, **asked):
    return Policy(id=number, kind="RESOLUTION", within=number * HOUR, **asked)


# from the widest to the most specific: each goes before all above it
LADDER = [
    policy(1),
    policy(2, case_class="E"),
    policy(3, region_id=1),
    policy(4, region_id=3),
    policy(5, outlet_id=7),
    policy(6, priority=2),
    policy(7, customer_class="VIP"),
    policy(8, category="LOST"),
    policy(9, type_key="lost"),
    policy(10, type_key="lost.whole"),
    policy(11, profile="春节", valid_from=AT - HOUR, valid_until=AT + HOUR),
]


@pytest.mark.parametrize("count", range(1, len(LADDER) + 1))
def test_the_most_specific_policy_counts(count):
    assert choose(LADDER[:count], MATTER, kind="RESOLUTION", at=AT) is LADDER[count - 1]


def test_the_order_in_which_policies_stand_does_not_matter():
    for some in permutations(LADDER[4:8]):
        assert choose(some, MATTER, kind="RESOLUTION", at=AT) is LADDER[7]


@pytest.mark.parametrize(
    "asked",
    [
        {"case_class": "C"},
        {"category": "DAMAGED"},
        {"type_key": "damaged"},
        {"customer_class": "MERCHANT"},
        {"priority": 0},
        {"outlet_id": 8},
        {"region_id": 2},
        {"valid_from": AT + timedelta(microseconds=1)},
        {"valid_until": AT},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_what_does_not_fit_does_not_count(asked):
    assert choose([policy(1, **asked)], MATTER, kind="RESOLUTION", at=AT) is None
    assert choose([replace(policy(1), kind="FIRST_RESPONSE")], MATTER, kind="RESOLUTION", at=AT) is None


def test_of_equals_the_newest():
    old, new = policy(1, category="LOST"), policy(2, category="LOST")
    assert choose([new, old], MATTER, kind="RESOLUTION", at=AT) is new


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"kind": "EXTERNAL"}, "/kind"),
        ({"within": timedelta(0)}, "/within"),
        ({"within": timedelta(days=401)}, "/within"),
        ({"escalate_within": timedelta(0)}, "/escalate_within"),
        ({"case_class": "X"}, "/case_class"),
        ({"priority": 3}, "/priority"),
        ({"outlet_id": 1, "region_id": 1}, "/region"),
        ({"valid_from": AT, "valid_until": AT}, "/valid_until"),
        ({"profile": "双十一", "valid_from": AT}, "/profile"),
    ],
)
def test_a_policy_that_makes_no_sense(changed, pointer):
    assert [fault[0] for fault in faults_of(replace(policy(1), **changed))] == [pointer]


def test_what_a_class_falls_back_on_is_known():
    assert is_base(policy(1, case_class="E")) and not any(is_base(p) for p in (LADDER[0], *LADDER[2:]))


def limit(number, **changed):
    words = dict.fromkeys(("title", "article", "source", "text", "note", "province"), "")
    dates = {"valid_from": None, "valid_until": None}
    values = {
        "id": number,
        "key": "APPEAL_ANSWER",
        "year": "2020",
        "within": timedelta(days=number),
        "is_law": True,
    }
    return Limit(**{**words, **dates, **values, **changed})


NATION, CONFIGURED = limit(7), limit(10, is_law=False)
NEWER = limit(8, valid_from=date(2027, 2, 8))
PROVINCE = limit(15, province="浙江省")
ENDING = limit(7, valid_until=date(2027, 2, 9))


@pytest.mark.parametrize(
    ("limits", "province", "found"),
    [
        ([NATION, PROVINCE], "浙江省", PROVINCE),
        ([NATION, PROVINCE], "江苏省", NATION),
        ([NATION, PROVINCE], "", NATION),
        ([PROVINCE], "", None),
        ([CONFIGURED, NATION], "", NATION),
        ([CONFIGURED], "浙江省", CONFIGURED),
        ([replace(CONFIGURED, is_chosen=False)], "", None),
        ([NATION, NEWER], "", NEWER),
        ([NATION, replace(NEWER, valid_from=date(2027, 2, 9))], "", NATION),
        ([replace(NATION, valid_until=date(2027, 2, 8)), NEWER], "", NEWER),
        ([ENDING], "", ENDING),
        ([replace(NATION, key="OTHER")], "", None),
    ],
)
def test_which_law_holds(limits, province, found):
    assert limit_of(limits, key="APPEAL_ANSWER", province=province, on=date(2027, 2, 8)) is found


CHAIN = [Step(1, "OUTLET_MANAGER"), Step(2, "REGION", 3 * HOUR), Step(4, "OWNER")]


def test_the_chain_goes_up_and_each_level_has_its_time():
    assert [step.level for step in after(reversed(CHAIN), 1)] == [2, 4] and after(CHAIN, 4) == ()
    told = [ends_at(step, since=AT, policy_within=HOUR, is_last=step is CHAIN[-1]) for step in CHAIN]
    assert told == [AT + HOUR, AT + 3 * HOUR, None]


DAY, NIGHT = Hours(time(8), time(20)), Hours(time(22), time(6))


@pytest.mark.parametrize(
    ("hours", "at", "reached"),
    [
        ([], "2026-11-22T03:00", "2026-11-22T03:00"),
        ([DAY], "2026-11-22T12:00", "2026-11-22T12:00"),
        ([DAY], "2026-11-22T08:00", "2026-11-22T08:00"),
        ([DAY], "2026-11-22T20:00", "2026-11-23T08:00"),
        ([DAY], "2026-11-22T03:00", "2026-11-22T08:00"),
        ([NIGHT], "2026-11-22T03:00", "2026-11-22T03:00"),
        ([NIGHT], "2026-11-22T06:00", "2026-11-22T22:00"),
        ([Hours(time(8), time(20), weekday=0)], "2026-11-22T12:00", "2026-11-23T08:00"),
        ([Hours(time(8), time(20), on=date(2026, 11, 25))], "2026-11-22T12:00", "2026-11-25T08:00"),
        ([Hours(time(8), time(20), on=date(2026, 11, 1))], "2026-11-22T12:00", "2026-11-22T12:00"),
        ([DAY, NIGHT], "2026-11-22T21:00", "2026-11-22T22:00"),
    ],
)
def test_when_somebody_may_be_told(hours, at, reached):
    moment = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI).astimezone(UTC)
    assert (
        reachable_at(hours, moment, SHANGHAI).astimezone(SHANGHAI).isoformat(timespec="minutes")[:16]
        == reached
    )


def test_a_years_list_as_people_paste_it():
    told = read_days(
        "# 2027 年放假安排\n2027-02-05至2027-02-07 休 春节\n2027/02/14 班\n"
        "2027年1月31日 班 09:00-12:00 13:00-17:00\n\n2027-02-30 休\n春节快乐",
        workday=[["08:00", "20:00"]],
    )
    assert told.holidays == {f"2027-02-0{day}": "春节" for day in (5, 6, 7)}
    assert told.adjusted == {
        "2027-02-14": [["08:00", "20:00"]],
        "2027-01-31": [["09:00", "12:00"], ["13:00", "17:00"]],
    }
    assert [number for number, _ in told.unread] == [6, 7]


@pytest.mark.parametrize(
    "text", ["18:00-09:00", "25:00-26:00", "09:00-12:00 11:00-13:00", "20:00-24:00 00:00-01:00", "九点"]
)
def test_hours_that_cannot_be(text):
    with pytest.raises(ValueError, match=r"."):
        read_spans(text)


def test_hours_are_read_as_they_are_written():
    pairs = read_spans("09:00-12:00、13:30–24:00")
    assert pairs == [["09:00", "12:00"], ["13:30", "00:00"]] == read_spans(write_spans(pairs))
