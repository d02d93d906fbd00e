"""Whose number it may be: overlaps, check digits, numbers that fail every public pattern, the own share."""

import pytest

from yishi.shipments.rules.recognition import (
    Reason,
    Share,
    check_digit_of,
    clear_winner,
    is_s10,
    likely,
    rank_carriers,
)

FIRST = [
    # letters speak for themselves, whatever the length
    ("SF1000000000001", "shunfeng"), ("SF6099990000012", "shunfeng"), ("SFA000000000123", "shunfeng"),
    ("SF100000000000", "shunfeng"), ("SF10000000000012", "shunfeng"), ("YT0000000000001", "yuantong"),
    ("YT6190000000001", "yuantong"), ("YT619000000000", "yuantong"), ("YT61900000000012", "yuantong"),
    ("JD0001000000001", "jd"), ("JDVA00000000012", "jd"), ("JDX000000000001", "jd"), ("JD00000000", "jd"),
    ("JT0000000000001", "jtexpress"), ("JT5190000000012", "jtexpress"), ("JT51900000000", "jtexpress"),
    ("73100000000001", "zhongtong"), ("74100000000001", "zhongtong"), ("75300000000123", "zhongtong"),
    ("76500000000009", "zhongtong"), ("78600000000001", "zhongtong"), ("78000000000000", "zhongtong"),
    ("77300000000001", "shentong"), ("773000000000012", "shentong"), ("7730000000000123", "shentong"),
    ("77000000000012345", "shentong"), ("43000000000001", "shentong"), ("4300000000000123", "shentong"),
    ("310000000000001", "yunda"), ("460000000000001", "yunda"), ("312345678901234", "yunda"),
    ("5300000000001", "yunda"), ("5000000000012", "yunda"), ("463000000000001", "yunda"),
    # thirteen digits of 韵达 that its pattern fails, sent as a JSON number
    ("3160000000634", "yunda"), ("3190000000001", "yunda"), ("4310000000001", "yunda"),
    # twelve bare digits of 顺丰
    ("444700000795", "shunfeng"), ("618000000001", "shunfeng"), ("289000000012", "shunfeng"),
    ("1000000000001", "ems"), ("9800000000012", "ems"), ("8100000000001", "ems"),
    ("PA12345678901", "ems"), ("PB00000000001", "ems"),
    # post: the check digit is right
    ("EE123456785CN", "ems"), ("EA000000015CN", "ems"), ("RR473124829GB", "youzhengguonei"),
    ("CP123456785DE", "youzhengguonei"), ("LX000000015CN", "youzhengguonei"),
    # and wrong: still thought of
    ("EE123456784CN", "ems"), ("RR473124820GB", "youzhengguonei"), ("CP123456780DE", "youzhengguonei"),
]  # fmt: skip
NOBODYS = ["ABC12345", "123456", "99", "ZZ0000000001", "00000000", "60000000000000", "XX12345678CN", ""]


@pytest.mark.parametrize(("number", "carrier"), FIRST)
def test_the_likeliest(number, carrier):
    assert rank_carriers(number)[0].carrier == carrier


def test_the_table_is_long_enough():
    assert len({number for number, _ in FIRST} | set(NOBODYS)) >= 60


@pytest.mark.parametrize("number", NOBODYS)
def test_nothing_speaks_for_anybody(number):
    assert (rank_carriers(number), clear_winner([]), likely([])) == ([], "", [])


@pytest.mark.parametrize(
    ("serial", "digit"),
    [("47312482", 9), ("12345678", 5), ("00000000", 5), ("00000001", 4), ("00000010", 2), ("00000005", 9),
     ("00000003", 1), ("00000008", 0)],
)  # fmt: skip
def test_check_digits_of_the_universal_postal_union(serial, digit):
    assert check_digit_of(serial) == digit
    assert is_s10(f"RR{serial}{digit}GB") is True
    assert is_s10(f"RR{serial}{(digit + 1) % 10}GB") is False
    assert is_s10(f"R{serial}{digit}GB") is None


def test_a_wrong_check_digit_is_said_and_weighs_less():
    right, wrong = rank_carriers("RR473124829GB")[0], rank_carriers("RR473124820GB")[0]
    assert right.reasons == (Reason.CHECK_DIGIT,)
    assert wrong.reasons == (Reason.WRONG_CHECK_DIGIT,)
    assert wrong.score < right.score


@pytest.mark.parametrize(
    ("number", "carriers"),
    [
        ("430000000000001", {"shentong", "yunda"}),
        ("5300000000001", {"yunda"}),
        ("9800000000012", {"ems", "yunda"}),
        ("1000000000001", {"ems", "yunda"}),
    ],
)
def test_trap_10_patterns_overlap_and_all_are_ranked(number, carriers):
    assert {each.carrier for each in rank_carriers(number)} == carriers


@pytest.mark.parametrize("number", ["3160000000634", "444700000795"])
def test_trap_15_a_number_that_fails_every_public_pattern_has_its_carrier(number):
    assert Reason.LOOSE in rank_carriers(number)[0].reasons


def test_the_operators_own_parcels_decide_between_two():
    number = "430000000000001"
    yunda = rank_carriers(number, [Share("yunda", "43", 15, 900), Share("shentong", "77", 15, 50)])
    shentong = rank_carriers(number, [Share("shentong", "43", 15, 900), Share("yunda", "31", 15, 50)])
    assert (yunda[0].carrier, shentong[0].carrier) == ("yunda", "shentong")
    assert Reason.OWN_PREFIX in yunda[0].reasons
    assert (clear_winner(yunda), clear_winner(rank_carriers(number))) == ("yunda", "")


def test_own_parcels_speak_where_no_pattern_does():
    found = rank_carriers("DPK000000000001", [Share("debangkuaidi", "DP", 15, 40)])
    assert [(each.carrier, each.reasons) for each in found] == [
        ("debangkuaidi", (Reason.OWN_PREFIX,)),
    ]


def test_a_large_share_alone_proposes_nobody():
    assert rank_carriers("ABC12345", [Share("yunda", "31", 15, 9000)]) == []
