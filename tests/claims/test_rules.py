"""The table of compensation, the limits, arbitration and the books: pure decisions, by tables."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.claims.rules.approval import Limit, lowest_approver, may_approve
from yishi.claims.rules.arbitration import Terms, is_in_time, is_sensible_award, may_move, terms_for
from yishi.claims.rules.compensation import LossFacts, RuleTerms, part_of, propose
from yishi.claims.rules.ledger import Amount, balances, is_balanced, move, reversed_of
from yishi.claims.rules.money import read_yuan, yuan
from yishi.claims.rules.penalties import appeal_until, fee_code_in, saved_by

DAY = date(2026, 11, 22)
SINCE = date(2026, 1, 1)
INSURED = RuleTerms(
    id=1, part="GOODS", pays="DECLARED", loss_type="DAMAGED", cover="INSURED", valid_from=SINCE
)
PROVEN = RuleTerms(
    id=2,
    part="GOODS",
    pays="GOODS",
    loss_type="DAMAGED",
    cover="UNINSURED",
    unproven_cap_fen=30_000,
    valid_from=SINCE,
)
FREIGHT = RuleTerms(id=3, part="FREIGHT", pays="FREIGHT", loss_type="LOST", valid_from=SINCE)
LATE = RuleTerms(
    id=4, part="EXTRA", pays="FIXED", loss_type="DELAY", fixed_fen=500, late_over_hours=24, valid_from=SINCE
)
VERY_LATE = replace(LATE, id=5, fixed_fen=2_000, late_over_hours=72)
TABLE = (INSURED, PROVEN, FREIGHT, LATE, VERY_LATE)
BROKEN = LossFacts(loss_type="DAMAGED", on=DAY)


@pytest.mark.parametrize(
    ("known", "code", "fen"),
    [
        ({"is_insured": True, "declared_value_fen": 100_000}, "DECLARED", 100_000),
        ({"is_insured": True, "declared_value_fen": 100_000, "lost_percent": 30}, "DECLARED", 30_000),
        # proven to be worth less than was declared: the goods, not the paper
        (
            {"is_insured": True, "declared_value_fen": 100_000, "goods_value_fen": 60_000, "has_proof": True},
            "DECLARED_WORTH_LESS",
            60_000,
        ),
        # worth more than declared: the declared value is the most
        (
            {
                "is_insured": True,
                "declared_value_fen": 100_000,
                "goods_value_fen": 160_000,
                "has_proof": True,
            },
            "DECLARED",
            100_000,
        ),
        # the word "insured" without a declared value insures nothing
        ({"is_insured": True, "goods_value_fen": 8_000, "has_proof": True}, "GOODS_PROVEN", 8_000),
        ({"goods_value_fen": 88_800, "has_proof": True}, "GOODS_PROVEN", 88_800),
        ({"goods_value_fen": 88_800}, "GOODS_UNPROVEN", 30_000),
        ({"goods_value_fen": 12_000}, "GOODS_UNPROVEN", 12_000),
        ({}, "NO_VALUE", 0),
        ({"loss_type": "LOST", "freight_fen": 1_200}, "FREIGHT", 1_200),
        ({"loss_type": "LOST"}, "NO_FREIGHT", 0),
        ({"loss_type": "DELAY", "late_hours": 24}, "NOT_LATE_ENOUGH", 0),
        ({"loss_type": "DELAY", "late_hours": 25}, "FIXED", 500),
        ({"loss_type": "DELAY", "late_hours": 72}, "FIXED", 500),
        ({"loss_type": "DELAY", "late_hours": 73}, "FIXED", 2_000),
        ({"loss_type": "DELAY"}, "NOT_LATE_ENOUGH", 0),
        ({"loss_type": "OTHER", "goods_value_fen": 9_900, "has_proof": True}, "NO_RULE", 0),
        ({"on": date(2025, 12, 31), "goods_value_fen": 9_900, "has_proof": True}, "NO_RULE", 0),
    ],
)
def test_the_table_gives(known, code, fen):
    found = propose(replace(BROKEN, **known), TABLE)
    assert (found.lines[0].code, found.amount_fen) == (code, fen)


def test_the_closest_rule_counts_and_its_cap_holds():
    brand = replace(PROVEN, id=6, carrier="yuantong", cap_fen=20_000)
    product = replace(PROVEN, id=7, product="特快", percent=120)
    facts = replace(BROKEN, goods_value_fen=50_000, has_proof=True, carrier="yuantong")
    capped = propose(facts, (*TABLE, brand, product))
    assert (capped.amount_fen, capped.lines[0].rule_id, capped.lines[0].values["cap_fen"]) == (
        20_000,
        6,
        20_000,
    )
    assert propose(replace(facts, product="特快"), (*TABLE, brand, product)).amount_fen == 60_000
    ended = replace(brand, valid_until=date(2026, 11, 21))
    assert propose(facts, (*TABLE, ended)).amount_fen == 50_000


FEN = st.integers(0, 5_000_000)
FACTS = st.builds(
    LossFacts,
    loss_type=st.sampled_from(["LOST", "DAMAGED", "DELAY", "OTHER"]),
    is_insured=st.sampled_from([True, False, None]),
    declared_value_fen=st.none() | FEN,
    freight_fen=st.none() | FEN,
    goods_value_fen=st.none() | FEN,
    has_proof=st.booleans(),
    lost_percent=st.integers(0, 100),
    late_hours=st.none() | st.integers(0, 500),
    on=st.just(DAY),
)
RULES = st.lists(
    st.builds(
        RuleTerms,
        id=st.integers(1, 99),
        part=st.sampled_from(["GOODS", "FREIGHT", "EXTRA"]),
        pays=st.sampled_from(["DECLARED", "GOODS", "FREIGHT", "FIXED"]),
        loss_type=st.sampled_from(["", "LOST", "DAMAGED", "DELAY"]),
        cover=st.sampled_from(["ANY", "INSURED", "UNINSURED"]),
        percent=st.integers(0, 1000),
        fixed_fen=FEN,
        cap_fen=st.none() | FEN,
        unproven_cap_fen=st.none() | FEN,
        valid_from=st.just(SINCE),
    ),
    max_size=6,
    unique_by=lambda terms: terms.id,
)


@given(FACTS, RULES)
def test_never_negative_and_never_above_a_rules_cap(facts, rules):
    found, caps = propose(facts, rules), {terms.id: terms.cap_fen for terms in rules}
    assert found.amount_fen == sum(line.amount_fen for line in found.lines) >= 0
    for line in found.lines:
        cap = caps.get(line.rule_id)
        assert line.amount_fen >= 0 and (cap is None or line.amount_fen <= cap)


@given(
    FACTS,
    RULES,
    st.sampled_from(["goods_value_fen", "freight_fen", "declared_value_fen", "lost_percent"]),
    FEN,
)
def test_more_lost_never_gives_less(facts, rules, name, more):
    before = getattr(facts, name)
    # whether a value was declared decides which rule speaks, so only a value that is there may grow
    if before is None or (name == "declared_value_fen" and not before):
        return
    after = min(100, before + more) if name == "lost_percent" else before + more
    assert propose(replace(facts, **{name: after}), rules).amount_fen >= propose(facts, rules).amount_fen


@pytest.mark.parametrize(
    ("fen", "percent", "part"), [(101, 50, 51), (1, 49, 0), (1, 50, 1), (0, 100, 0), (333, 100, 333)]
)
def test_half_a_fen_is_rounded_upwards(fen, percent, part):
    assert part_of(fen, percent) == part


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("12", 1200), ("12.5", 1250), ("￥1,200.05", 120005), ("５０元", 5000), ("0", 0), ("-1", None),
        ("1.234", None), ("", None), ("1e3", None), ("=1+1", None), ("99999999", None), ("NaN", None),
    ],
)  # fmt: skip
def test_money_as_people_write_it(said, fen):
    assert read_yuan(said) == fen


def test_money_as_it_is_read():
    assert [yuan(fen) for fen in (0, 5, 120_000, -1)] == ["0.00", "0.05", "1,200.00", "-0.01"]


LIMITS = {
    "AGENT": Limit(5_000, 5_000),
    "OUTLET_MANAGER": Limit(50_000, 20_000),
    "OWNER": Limit(None, 100_000),
}


@pytest.mark.parametrize(
    ("role", "fen", "is_own", "why"),
    [
        ("AGENT", 5_000, True, ""), ("AGENT", 5_001, False, "TOO_HIGH"),
        ("OUTLET_MANAGER", 20_000, True, ""),
        ("OUTLET_MANAGER", 20_001, True, "OWN"), ("OUTLET_MANAGER", 50_000, False, ""),
        ("OWNER", 9_999_999, False, ""), ("OWNER", 100_001, True, "OWN"),
        ("INTEGRATOR", 0, False, "TOO_HIGH"),
    ],
)  # fmt: skip
def test_who_may_approve(role, fen, is_own, why):
    assert may_approve(LIMITS.get(role), fen, is_own=is_own) == why


@pytest.mark.parametrize(("fen", "role"), [(0, "AGENT"), (5_001, "OUTLET_MANAGER"), (50_001, "OWNER")])
def test_above_a_limit_it_goes_up(fen, role):
    assert lowest_approver(LIMITS, fen) == role


def test_where_nobodys_limit_is_enough_nobody_is_named():
    assert lowest_approver({"AGENT": Limit(1, 1)}, 2) is None


AT = datetime(2026, 11, 22, 2, tzinfo=UTC)


def test_the_ways_of_an_arbitration():
    assert [may_move("FILED", to) for to in ("ANSWERED", "DECIDED", "SECOND", "FINAL")] == [
        True,
        True,
        False,
        False,
    ]
    assert may_move("DECIDED", "SECOND") and not may_move("FINAL", "SECOND")
    brand, others = Terms(48, 24), Terms(72, 72)
    assert terms_for("yuantong", {"yuantong": brand, "": others}) is brand
    assert terms_for("sf", {"yuantong": brand, "": others}) is others and terms_for("sf", {}) is None
    assert is_in_time(AT, AT) and is_in_time(AT, None) and not is_in_time(AT + timedelta(microseconds=1), AT)


@pytest.mark.parametrize(
    ("outcome", "awarded", "fits"),
    [("WON", 100, True), ("WON", 99, False), ("PARTLY", 99, True), ("PARTLY", 100, False),
     ("PARTLY", 0, False), ("LOST", 0, True), ("LOST", 1, False)],
)  # fmt: skip
def test_an_award_fits_its_outcome(outcome, awarded, fits):
    assert is_sensible_award(outcome, awarded, 100) is fits


def test_what_is_booked_balances_and_can_be_taken_back():
    entry = move("6001", "2001", 500)
    assert is_balanced(entry) and is_balanced(reversed_of(entry))
    assert set(balances([entry, reversed_of(entry)]).values()) == {0}
    assert not is_balanced([Amount("6001", 1)]) and not is_balanced([Amount("6001", 2), Amount("2001", -1)])
    with pytest.raises(ValueError, match="above zero"):
        move("6001", "2001", 0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1001", "2001", "6001"]), st.sampled_from(["1201", "5101"]), st.integers(1)
        )
    )
)
def test_whatever_is_booked_all_accounts_together_are_zero(moves):
    assert sum(balances(move(*one) for one in moves).values()) == 0


def test_penalties():
    assert [fee_code_in(said) for said in ("100201工单自动考核", "工单（030253）", "派费 1002011", "")] == [
        "100201", "030253", "", "",
    ]  # fmt: skip
    assert appeal_until(AT, None) is None and appeal_until(AT, 3) == AT + timedelta(days=3)
    assert [saved_by("REVOKED", 50, None), saved_by("UPHELD", 50, None), saved_by("REDUCED", 50, 20)] == [
        50,
        0,
        30,
    ]
    assert [saved_by("REDUCED", 50, left) for left in (None, 0, 50, 60)] == [None] * 4 and saved_by(
        "?", 5, 1
    ) is None
