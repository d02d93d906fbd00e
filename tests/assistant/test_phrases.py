"""The training book is sound: known labels, no line twice, nothing of the blind set in it."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import yishi
from yishi.assistant.rules.intents import INTENTS

FOLDER = Path(yishi.__file__).parent / "assistant" / "phrases"
NEAR = 0.9


class Line(NamedTuple):
    intent: str
    text: str
    second: str
    mark: str  # the family; in the blind set: clear or doubtful


def lines_of(name: str) -> list[Line]:
    content = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8")
    return [Line(*row.split("\t")) for row in content.splitlines()]


def bare(text: str) -> str:
    """What stays when width, case, punctuation, spaces and the names of masks are taken away."""
    text = re.sub(r"\[[^\]]{1,6}x\]", "#", unicodedata.normalize("NFKC", text).lower())
    return re.sub(r"[^\w#]|_", "", text) or text.strip()


def grams(text: str) -> frozenset[str]:
    framed = f"^{bare(text)}$"
    return frozenset(framed[i : i + 2] for i in range(len(framed) - 1)) | frozenset(framed[1:-1])


def near_pairs(left: list[Line], right: list[Line]) -> Iterator[tuple[Line, Line]]:
    """Pairs whose characters and pairs of characters agree by 0.9 (Dice), found by their rarest grams."""
    counts = Counter(gram for line in (*left, *right) for gram in grams(line.text))

    def rarest(held: frozenset[str]) -> list[str]:
        spare = len(held) - math.ceil(NEAR / (2 - NEAR) * len(held)) + 1
        return sorted(held, key=lambda gram: (counts[gram], gram))[:spare]

    by_gram: dict[str, list[tuple[Line, frozenset[str]]]] = defaultdict(list)
    for line in right:
        held = grams(line.text)
        for gram in rarest(held):
            by_gram[gram].append((line, held))
    for line in left:
        held = grams(line.text)
        for other, others in {pair for gram in rarest(held) for pair in by_gram[gram]}:
            if 2 * len(held & others) >= NEAR * (len(held) + len(others)):
                yield line, other


@pytest.fixture(scope="module")
def training() -> list[Line]:
    return [line for intent in INTENTS for line in lines_of(intent)]


@pytest.fixture(scope="module")
def held_out() -> list[Line]:
    return lines_of("held_out")


def test_one_file_an_intent_and_the_blind_set():
    assert sorted(path.stem for path in FOLDER.glob("*.tsv")) == sorted([*INTENTS, "held_out"])


@pytest.mark.parametrize("intent", INTENTS)
def test_a_file_holds_its_intent_alone(intent):
    lines = lines_of(intent)
    assert {line.intent for line in lines} == {intent}
    assert all(line.text == line.text.strip() and line.text and line.mark for line in lines)
    assert {line.second for line in lines} <= {"", *INTENTS} - {intent}


def test_no_line_stands_twice_under_any_label(training):
    twice = [text for text, n in Counter(bare(line.text) for line in training).items() if n > 1]
    assert twice == []


def test_near_copies_are_one_family(training):
    apart = [(a.text, b.text) for a, b in near_pairs(training, training) if a.mark != b.mark]
    assert apart == []


def test_the_blind_set_is_well_formed(held_out):
    assert {line.intent for line in held_out} == set(INTENTS)
    assert {line.second for line in held_out} <= {"", *INTENTS}
    assert {line.mark for line in held_out} == {"clear", "doubtful"}
    assert len({bare(line.text) for line in held_out}) == len(held_out)


def test_nothing_of_the_blind_set_is_trained_on(training, held_out):
    assert list(near_pairs(held_out, training)) == []


def test_enough_of_each(training, held_out):
    counts = Counter(line.intent for line in training)
    assert len(training) >= 12_500 and len(held_out) >= 600
    assert min(counts.values()) >= 100
    assert 0.3 <= sum(line.intent == "other" for line in held_out) / len(held_out) <= 0.45
    assert sum(len(line.text) >= 25 for line in training) >= 500


def test_only_invented_telephone_numbers(training, held_out):
    numbers = {n for line in (*training, *held_out) for n in re.findall(r"\d{7,}", line.text)}
    assert all(number.startswith("199000000") for number in numbers)
