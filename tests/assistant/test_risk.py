"""Words that bring a person at once, and what only looks like them."""

import pytest

from tests.assistant.reading import rows_of
from yishi.assistant.rules.risk import Risk, risks_in

ROWS = rows_of("risks.tsv")


@pytest.mark.parametrize("risk", Risk)
def test_every_risk_is_found_in_every_way_of_saying_it(risk):
    said = [text for label, text in ROWS if label == risk]
    missed = [text for text in said if risk not in {found.risk for found in risks_in(text)}]
    assert len(said) >= 35 and missed == []


@pytest.mark.parametrize("risk", Risk)
def test_what_only_looks_like_a_risk_brings_nobody(risk):
    harmless = [text for label, text in ROWS if label == f"-{risk}"]
    told = [(text, found) for text in harmless if (found := risks_in(text))]
    assert len(harmless) >= 25 and told == []


def test_the_words_and_their_place_are_told():
    [regulator, *_] = [found for found in risks_in("再不送我就tousu到油管局") if found.risk is Risk.REGULATOR]
    assert (regulator.words, regulator.span) == ("油管局", (11, 14))


BOTH = [
    # denied once and said once; a quoted threat is one
    ("我不会起诉的，但是我会找记者", {Risk.MEDIA}),
    ("他说“弄死你”", {Risk.SAFETY}),
    ("书名《律师的自杀》到了吗", set()),
    ("泄露我的信息 我要去12305 还要曝光", {Risk.PRIVACY, Risk.REGULATOR, Risk.MEDIA}),
    ("买的灭火器还没到 驿站着火了怎么办", {Risk.SAFETY}),
    ("", set()),
    ("😡" * 3000, set()),
]


@pytest.mark.parametrize(("text", "risks"), BOTH)
def test_several_risks_and_none(text, risks):
    assert {found.risk for found in risks_in(text)} == risks
