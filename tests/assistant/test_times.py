"""Times as people name them: windows by a table, doubts told, nonsense refused, and what must always hold."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.assistant.rules.times import Assumed, Fault, Tense, times_in, wish_in

ZONE = "Asia/Shanghai"
# a Wednesday, 14:20
AT = datetime(2026, 11, 25, 14, 20, tzinfo=ZoneInfo(ZONE))
NOW = "11-25 14:20"

WISHES = [
    ("后天下午三点以后", "11-27 15:00", None), ("今晚8点前", NOW, "11-25 20:00"),
    ("下周一上午", "11-30 08:00", "11-30 12:00"),
    ("周末", "11-28 00:00", "11-30 00:00"), ("五一前", NOW, "05-01 00:00"),
    ("明天中午十二点到两点", "11-26 12:00", "11-26 14:00"),
    ("半小时后", "11-25 14:50", None), ("月底", NOW, "12-01 00:00"), ("过两天", "11-27 00:00", "11-29 00:00"),
    ("晚上下班后", "11-25 18:00", "11-25 22:00"), ("凌晨", "11-26 00:00", "11-26 06:00"),
    ("这个礼拜天", "11-29 00:00", "11-30 00:00"), ("大后天", "11-28 00:00", "11-29 00:00"),
    ("12.5号", "12-05 00:00", "12-06 00:00"),
    ("12月5日下午2点到4点", "12-05 14:00", "12-05 16:00"), ("1号到3号", "12-01 00:00", "12-04 00:00"),
    ("28号到2号", "11-28 00:00", "12-03 00:00"), ("明早9点", "11-26 09:00", "11-26 10:00"),
    ("三四点", "11-25 15:00", "11-25 17:00"),
    ("下午三点半左右", "11-25 15:00", "11-25 16:00"), ("9点到18点", NOW, "11-25 18:00"),
    ("晚上10点到6点", "11-25 22:00", "11-26 06:00"),
    ("08:30", "11-26 08:30", "11-26 09:30"), ("下周末", "12-05 00:00", "12-07 00:00"),
    ("下周", "11-30 00:00", "12-07 00:00"),
    ("24小时内", NOW, "11-26 14:20"), ("今天之内", NOW, "11-26 00:00"), ("三天内", NOW, "11-29 00:00"),
    ("周五前", NOW, "11-27 00:00"),
    ("最晚明天", NOW, "11-27 00:00"), ("国庆后", "10-08 00:00", None), ("一个半小时后", "11-25 15:50", None),
    ("3天后", "11-28 00:00", "11-29 00:00"), ("过几天", "11-28 00:00", "12-03 00:00"),
    ("下个月5号", "12-05 00:00", "12-06 00:00"),
    ("十五号之前", NOW, "12-15 00:00"), ("晚上12点", "11-26 00:00", "11-26 01:00"),
    ("明天凌晨两点", "11-26 02:00", "11-26 03:00"),
    ("聽日下晝送", "11-26 12:00", "11-26 18:00"), ("後天下午", "11-27 12:00", "11-27 18:00"),
    ("明天１５：３０", "11-26 15:30", "11-26 16:30"),
    ("18点前", NOW, "11-25 18:00"), ("中午前", NOW, "11-26 12:00"),
    ("下午5点到8点", "11-25 17:00", "11-25 20:00"),
    ("上午十点到下午两点", "11-26 10:00", "11-26 14:00"), ("明后天", "11-26 00:00", "11-28 00:00"),
    ("2026-12-01", "12-01 00:00", "12-02 00:00"),
    ("11/30前", NOW, "11-30 00:00"), ("那明天呢", "11-26 00:00", "11-27 00:00"), ("周三以后", NOW, None),
    ("春节前", NOW, "02-06 00:00"),
    ("下下周二晚上", "12-08 18:00", "12-08 22:00"), ("本周五", "11-27 00:00", "11-28 00:00"),
    ("星期六下午两点", "11-28 14:00", "11-28 15:00"),
    ("等会送", NOW, "11-25 16:20"), ("我三点一刻才在", "11-25 15:15", "11-25 16:15"),
    ("一月三号", "01-03 00:00", "01-04 00:00"),
    ("5分钟后到楼下", "11-25 14:25", None), ("周四傍晚", "11-26 17:00", "11-26 19:00"),
    ("年前送到", NOW, "02-06 00:00"),
]  # fmt: skip


def local(moment: datetime | None) -> str | None:
    return moment and f"{moment.astimezone(ZoneInfo(ZONE)):%m-%d %H:%M}"


@pytest.mark.parametrize(("text", "start", "end"), WISHES)
def test_a_wish_becomes_a_window(text, start, end):
    [said] = times_in(text, at=AT, zone=ZONE)
    assert (local(said.start), local(said.end), said.tense) == (start, end, Tense.FUTURE)
    assert text[said.span[0] : said.span[1]] == said.text and said.fault is None


PAST = [
    ("昨天就该到", "11-24 00:00", "11-25 00:00"), ("上周三寄的", "11-18 00:00", "11-19 00:00"),
    ("三天了", "11-22 14:20", NOW),
    ("等了三天还没到", "11-22 14:20", NOW), ("物流三天没动", "11-22 14:20", NOW),
    ("周五寄的", "11-20 00:00", "11-21 00:00"),
    ("12号下的单", "11-12 00:00", "11-13 00:00"), ("28号买的", "10-28 00:00", "10-29 00:00"),
    ("双11买的", "11-11 00:00", "11-12 00:00"),
    ("昨晚八点", "11-24 20:00", "11-24 21:00"), ("三天前", "11-22 00:00", "11-23 00:00"),
    ("半个月了", "11-10 14:20", NOW),
    ("前天上午显示派送", "11-23 08:00", "11-23 12:00"), ("上个月20号", "10-20 00:00", "10-21 00:00"),
    ("都一个礼拜了", "11-18 14:20", NOW),
    ("今天上午就说送", "11-25 08:00", "11-25 12:00"), ("停了四天", "11-21 14:20", NOW),
    ("10月25日", "10-25 00:00", "10-26 00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "start", "end"), PAST)
def test_what_is_over_is_told_as_past(text, start, end):
    [said] = times_in(text, at=AT, zone=ZONE)
    assert (local(said.start), local(said.end), said.tense) == (start, end, Tense.PAST)
    assert wish_in(text, at=AT, zone=ZONE) is None


NONSENSE = [
    "25点",
    "上午15点",
    "2月30号",
    "13月5号",
    "14:00到13:00",
    "明天8:75",
    "32号送",
    "晚上8点到下午3点",
    "0月3号",
]


@pytest.mark.parametrize("text", NONSENSE)
def test_what_no_clock_shows_is_refused(text):
    [said] = times_in(text, at=AT, zone=ZONE)
    assert (said.start, said.end, said.fault) == (None, None, Fault.NONSENSE)
    assert wish_in(f"{text}送吧", at=AT, zone=ZONE).fault is Fault.NONSENSE


@pytest.mark.parametrize("text", ["今天上午送", "今早送吧"])
def test_a_wish_for_what_has_passed_is_asked_about(text):
    assert wish_in(text, at=AT, zone=ZONE).fault is Fault.PASSED


NO_TIMES = [
    "下午好",
    "自提点几点下班",
    "还要等几天",
    "能多放几天吗",
    "超过七天怎么退",
    "一点都不快", "有一点慢", "两点建议", "取件码3-1-1024", "人民路12号", "12号楼", "一周三次", "一天到晚",
    "快一点", "五一路88号",
    "网点", "代收点在哪", "3号柜", "单号1234567890123", "便宜点", "8点5折", "第3点", "", "放6号门卫室",
    "12.5元", "到那时候再说", "13栋201",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_only_looks_like_a_time_is_none(text):
    assert times_in(text, at=AT, zone=ZONE) == []


DOUBTS = [
    ("明天8点", {Assumed.AM}), ("8点送", {Assumed.TODAY, Assumed.PM}), ("明天三点", {Assumed.PM}),
    ("11点", {Assumed.TOMORROW, Assumed.AM}),
    ("今天9点送", {Assumed.PM}), ("过两天", {Assumed.VAGUE}), ("周五前", {Assumed.BEFORE_DAY}),
    ("周五以后", {Assumed.FROM_DAY}),
    ("明天下午三点", set()), ("20:00", {Assumed.TODAY}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "assumed"), DOUBTS)
def test_what_was_taken_where_the_words_leave_a_doubt_is_told(text, assumed):
    [said] = times_in(text, at=AT, zone=ZONE)
    assert set(said.assumed) == assumed
    assert said.certainty < 0.9 or not assumed & {Assumed.AM, Assumed.PM, Assumed.VAGUE}


def test_what_is_not_wanted_and_what_repeats():
    away, wanted = times_in("周一到周五别送，周末送", at=AT, zone=ZONE)
    assert away.is_unwanted and (local(away.start), local(away.end)) == ("11-30 00:00", "12-05 00:00")
    assert not wanted.is_unwanted and wish_in("周一到周五别送，周末送", at=AT, zone=ZONE) == wanted
    assert times_in("每天晚上七点", at=AT, zone=ZONE)[0].is_repeated
    assert wish_in("明天不在家", at=AT, zone=ZONE) is None
    assert times_in("除了周三都行", at=AT, zone=ZONE)[0].is_unwanted


def test_days_on_which_clocks_change_lose_and_double_no_hour():
    before = datetime(2026, 3, 7, 12, tzinfo=ZoneInfo("America/New_York"))
    [gap] = times_in("明天02:15到02:45", at=before, zone="America/New_York")
    assert gap.start <= gap.end
    [whole] = times_in("明天", at=before, zone="America/New_York")
    assert whole.end - whole.start == timedelta(hours=23)
    fall = datetime(2026, 10, 31, 12, tzinfo=ZoneInfo("America/New_York"))
    [twice] = times_in("明天01:00到01:30", at=fall, zone="America/New_York")
    assert twice.end - twice.start == timedelta(hours=1, minutes=30)


_DAYS = [
    "",
    "今天",
    "明天",
    "昨天",
    "大后天",
    "周三",
    "下周日",
    "上周五",
    "12.5号",
    "2月29号",
    "31号",
    "月底",
    "五一",
    "春节",
    "明后天",
    "周末",
    "下个月3号",
]
_PARTS = ["", "凌晨", "早上", "中午", "下午", "晚上", "半夜", "下班后"]
_CLOCKS = [
    "",
    "8点",
    "十二点半",
    "0点",
    "23:59",
    "24点",
    "3点到5点",
    "10点到2点",
    "一点",
    "三四点",
    "9:30-11:30",
]
_EDGES = ["", "前", "以后", "左右", "之内", "寄的", "别送"]
_MOMENTS = st.integers(0, 1_600).map(lambda days: AT + timedelta(days=days, minutes=days * 877))
_ZONES = st.sampled_from([ZONE, "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"])


@given(
    st.tuples(*map(st.sampled_from, (_DAYS, _PARTS, _CLOCKS, _EDGES))).map("".join) | st.text(max_size=60),
    _MOMENTS,
    _ZONES,
)
def test_a_window_never_ends_before_it_begins_and_a_wish_is_never_past(text, at, zone):
    for said in times_in(text, at=at, zone=zone):
        assert text[said.span[0] : said.span[1]] == said.text
        if said.start and said.end:
            assert said.start <= said.end
        if said.tense is Tense.FUTURE and said.fault is None:
            assert said.start >= at
        if said.tense is Tense.PAST and said.end:
            assert said.end <= at
