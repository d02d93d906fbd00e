"""Moods of courier remarks, measured on lines of our own; what turns a word round."""

import pytest

from tests.assistant.reading import halves_of
from yishi.assistant.rules.sentiment import Mood, felt_in

LEAST = 0.93


@pytest.mark.parametrize("half", ["seen", "held"])
def test_moods_of_our_own_lines(half, capsys):
    rows = halves_of("moods.tsv")[half]
    moods = [(Mood.CALM if label == "PRAISE" else Mood(label)) is felt_in(text).mood for label, text in rows]
    remarks = [(label == "PRAISE", felt_in(text).score > 0) for label, text in rows if label != "CALM"]
    right = sum(praised == told for praised, told in remarks) / len(remarks)
    with capsys.disabled():
        print(f"\nmoods {half}: {sum(moods) / len(moods):.3f} of {len(moods)}, praise or not {right:.3f}")
    assert sum(moods) / len(moods) >= LEAST and right >= LEAST


TURNED = [
    ("态度还不错", Mood.CALM, True), ("没有不满意", Mood.CALM, True), ("不满意", Mood.UPSET, False),
    ("一点都不慢", Mood.CALM, True), ("一点都不好", Mood.UPSET, False),
    ("虽然晚了一天 但是态度很好", Mood.CALM, True),
    ("东西很好 但是快递太慢了 差评", Mood.UPSET, False), ("不会去投诉的", Mood.CALM, False),
    ("投诉电话是多少", Mood.CALM, False), ("垃圾桶旁边放着就好", Mood.CALM, False),
    ("垃圾快递", Mood.ANGRY, False),
    ("快遞員態度惡劣", Mood.ANGRY, False), ("谢谢", Mood.CALM, False), ("", Mood.CALM, False),
    ("为什么还不送！！！", Mood.UPSET, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "mood", "is_praise"), TURNED)
def test_what_turns_a_word_round(text, mood, is_praise):
    felt = felt_in(text)
    assert (felt.mood, felt.is_praise) == (mood, is_praise)
    assert all(text[begin:end] == word for word, (begin, end), _ in felt.words)


@pytest.mark.parametrize(
    ("text", "is_abusive"),
    [
        ("又放快递柜了，太过分了", False),
        ("快递员骂人", False),
        ("我要投诉，必须投诉", False),
        ("太过分了，气死我了", True),
        ("垃圾快递", True),
        ("一群骗子", True),
        ("太慢了", False),
    ],
)
def test_telling_what_was_done_is_no_abuse(text, is_abusive):
    assert felt_in(text).is_abusive == is_abusive
