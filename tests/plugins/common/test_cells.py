"""What cells say after Excel has been at them, and whom a mixed column names. Invented people."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from yishi.plugins.common.cells import (
    fen_of,
    moment_of,
    plain_heading,
    rate_of,
    said,
    text_of,
    waybill_of,
)
from yishi.plugins.feeds.head_office.people import worker_of

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("YT7712000000001", "YT7712000000001"),
        (" 7712000 00001 ", "7712000 00001"),
        (771200000017402.0, "771200000017402"),
        (771200000017402, "771200000017402"),
        ("771200000017402.0", "771200000017402"),
        ("7.71200000017402E+14", "771200000017402"),
        ("7.71200000017402e14", "771200000017402"),
        ('="771200000017402"', "771200000017402"),
        ("'771200000017402", "771200000017402"),
        ("７７１２０００００００１", "771200000001"),
    ],
)
def test_numbers_are_restored(cell, number):
    assert waybill_of(cell) == (number, "")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "missing_waybill_no"),
        (None, "missing_waybill_no"),
        ("—", "missing_waybill_no"),
        ("7.712E+14", "precision_lost"),
        ("7.7120000001740E+17", "precision_lost"),
        (7712000000174021.0, "precision_lost"),
        (7.712e18, "precision_lost"),
        (7712.5, "bad_waybill_no"),
    ],
)
def test_what_cannot_be_restored_is_refused_with_the_reason(cell, reason):
    assert waybill_of(cell) == ("", reason)


@pytest.mark.parametrize(
    ("cell", "rate"),
    [
        (0.93, 0.93),
        ("93%", 0.93),
        ("93.0 %", 0.93),
        (93, 0.93),
        ("９３％", 0.93),
        (1, 1.0),
        ("100%", 1.0),
        ("1%", 0.01),
        (0, 0.0),
        (100, 1.0),
        (100.5, None),
        ("-3%", None),
        ("好", None),
        ("", None),
    ],
)
def test_percents_and_fractions_are_one(cell, rate):
    found = rate_of(cell)
    assert found == rate if rate is None else found == pytest.approx(rate)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [(50, 5000), ("¥50.00", 5000), ("1,234.5元", 123450), ("-3", -300), (7.89, 789), ("￥0.1", 10),
     ("五十", None), ("1e99", None), ("NaN", None)],
)  # fmt: skip
def test_money_is_fen(cell, fen):
    assert fen_of(cell) == fen


EIGHT = datetime(2026, 11, 22, 8, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2026, 11, 22, 8, 30),  # noqa: DTZ001 a cell has no zone
        46348.354166666664,
        "46348.354166666664",
        "2026-11-22 08:30:00",
        "2026/11/22 8:30",
        "2026年11月22日 8:30",
        "20261122083000",
    ],
)
def test_moments_are_in_the_zone_of_the_source(cell):
    assert moment_of(cell, ZONE) == EIGHT


@pytest.mark.parametrize("cell", ["昨天", "", "-", None, "2026-13-45", True])
def test_what_is_no_moment_is_none(cell):
    assert moment_of(cell, ZONE) is None


@pytest.mark.parametrize("cell", ["", "-", "—", "无", "NULL", None, "N/A", " "])
def test_dashes_say_nothing(cell):
    assert said(cell) == ""


def test_text_is_what_a_person_sees():
    assert [text_of(cell) for cell in (12.0, 1.5, True, None, "Ａ１")] == ["12", "1.5", "是", "", "A1"]


@pytest.mark.parametrize(
    "heading", ["运单号", " 运 单 号 ", "运单号*", "运单号(必填)", "运单号（15位）", "运单号：", "运单号\n"]
)
def test_headings_are_compared_plain(heading):
    assert plain_heading(heading) == "运单号"


@pytest.mark.parametrize(
    ("words", "number", "name", "phone", "area"),
    [
        ("城区029申亚楠+19900000012", "029", "申亚楠", "19900000012", "城区"),
        ("城区029申亚楠", "029", "申亚楠", "", "城区"),
        ("320288001 申亚楠", "320288001", "申亚楠", "", ""),
        ("320288-001申亚楠", "320288001", "申亚楠", "", ""),
        ("申亚楠(0012)", "0012", "申亚楠", "", ""),
        ("李四【0012】", "0012", "李四", "", ""),
        ("城东承包区-李四", "", "李四", "", "城东承包区"),
        ("江宁一部029-赵六", "029", "赵六", "", "江宁一部"),
        ("A12王五", "A12", "王五", "", ""),
        ("YT0001", "YT0001", "", "", ""),
        ("19900000012", "", "", "19900000012", ""),
        ("张三/199 0000 0013", "", "张三", "19900000013", ""),
        ("东山街道 钱七 +86 199-0000-0014", "", "钱七", "19900000014", "东山街道"),
        ("阿卜杜拉·买买提 0031", "0031", "阿卜杜拉·买买提", "", ""),
        ("申亚楠", "", "申亚楠", "", ""),
        ("城区一申亚楠某某", "", "", "", "城区一申亚楠某某"),
    ],
)
def test_people_of_a_mixed_column(words, number, name, phone, area):
    worker = worker_of(words)
    assert (worker.number, worker.name, worker.phone, worker.area) == (number, name, phone, area)
    assert worker.said


def test_columns_of_their_own_count_first():
    worker = worker_of("城区029申亚楠", number="320288001", phone="19900000012", area="A1")
    assert (worker.number, worker.name, worker.phone, worker.area) == (
        "320288001",
        "申亚楠",
        "19900000012",
        "A1",
    )
    assert worker_of("", number="19900000012", name="申亚楠").phone == "19900000012"


@pytest.mark.parametrize("words", ["", "-", None, "系统", "合计"])
def test_nobody_is_nobody(words):
    assert worker_of(words) is None
