"""Lists and remarks in the reader's language."""

import pytest
from django.utils.translation import gettext_lazy, override

from yishi.kit.phrases import joined, remarked


@pytest.mark.parametrize(
    ("language", "mark", "said"),
    [
        ("zh-hans", "、", "甲、乙"),
        ("zh-hans", "；", "甲；乙"),
        ("en", "、", "甲, 乙"),
        ("en", "；", "甲; 乙"),
        ("en", "，", "甲, 乙"),
    ],
)
def test_what_says_something_is_joined_as_the_language_does(language, mark, said):
    with override(language):
        assert joined(["甲", "", None, gettext_lazy("乙")], mark) == said


def test_a_remark_stands_in_brackets():
    with override("zh-hans"):
        assert (remarked("货架", "A3"), remarked("货架", "")) == ("货架（A3）", "货架")
