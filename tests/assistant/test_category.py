"""The category of a complaint from its text: measured on lines of our own, half of them unseen."""

import pytest

from tests.assistant.reading import halves_of, macro_f1
from yishi.assistant.rules.category import category_of
from yishi.cases.rules.categories import CATEGORIES

LEAST = 0.80


@pytest.mark.parametrize("half", ["seen", "held"])
def test_categories_of_our_own_lines(half, capsys):
    rows = halves_of("categories.tsv")[half]
    mean, each = macro_f1((label, category_of(text).category) for label, text in rows)
    worst = sorted(each.items(), key=lambda item: item[1])[:3]
    with capsys.disabled():
        print(f"\ncategory {half}: macro-F1 {mean:.3f} of {len(rows)} lines, worst {worst}")
    assert mean >= LEAST


def test_every_category_that_can_be_claimed_can_be_found():
    lines = [row for half in halves_of("categories.tsv").values() for row in half]
    claimable = {name for name, rule in CATEGORIES.items() if rule.is_claimable}
    assert {label for label, _ in lines} == claimable
    assert {category_of(text).category for _, text in lines} == claimable


def test_intents_help_where_words_do_not():
    unsure = category_of("那个事情怎么弄")
    assert (unsure.category, unsure.certainty) == ("OTHER", 0.0)
    assert category_of("那个事情怎么弄", {"damaged": 0.9}).category == "DAMAGED"
    # plain words outweigh a doubtful intent
    assert category_of("显示签收没收到", {"praise_thanks": 0.4}).category == "SIGNED_NOT_RECEIVED"


@pytest.mark.parametrize("text", ["", "？", "😡" * 2000, "嗯", "12345678"])
def test_what_says_nothing_is_other_and_unsure(text):
    guess = category_of(text)
    assert guess.certainty < 0.5 and guess.category in CATEGORIES


def test_the_words_it_rests_on_are_told():
    guess = category_of("显示签收但是我没收到")
    assert "签收" in guess.words and guess.certainty > 0.5
