"""An article's signs become parts of a page; nothing that anybody types becomes HTML or leads elsewhere."""

import pytest

from yishi.knowledge.rules.markup import (
    Block,
    Piece,
    blocks_of,
    pieces_of,
    plain_text,
    unknown_figures,
    with_figures,
)


def kinds(body: str) -> list[tuple[str, int]]:
    return [(block.kind, len(block.lines)) for block in blocks_of(body)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("", []),
        ("一句话", [("PARAGRAPH", 1)]),
        ("## 标题\n一句\n又一句\n\n第二段", [("HEADING", 1), ("PARAGRAPH", 1), ("PARAGRAPH", 1)]),
        ("先看：\n- 一\n- 二", [("PARAGRAPH", 1), ("LIST", 2)]),
        ("1. 一\n2、 二\n- 三", [("STEPS", 2), ("LIST", 1)]),
        ("-没有空格\n##也没有", [("PARAGRAPH", 1)]),
        ("## 一\n## 二", [("HEADING", 1), ("HEADING", 1)]),
        ("- ", [("PARAGRAPH", 1)]),
    ],
)
def test_lines_become_parts(body: str, found: list) -> None:
    assert kinds(body) == found


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("点**这里**吧", [Piece("点"), Piece("这里", is_strong=True), Piece("吧")]),
        ("看[怎么赔](/help/claims)", [Piece("看"), Piece("怎么赔", to="/help/claims")]),
        ("[坏](https://evil.example)", [Piece("[坏](https://evil.example)")]),
        ("[坏](//evil.example)", [Piece("[坏](//evil.example)")]),
        ("[坏](/\\evil.example)", [Piece("[坏](/\\evil.example)")]),
        ("[坏](javascript:alert(1))", [Piece("[坏](javascript:alert(1))")]),
        ("<script>alert(1)</script>", [Piece("<script>alert(1)</script>")]),
        ("** 两颗星", [Piece("** 两颗星")]),
    ],
)
def test_only_links_into_our_own_pages(line: str, pieces: list) -> None:
    assert list(pieces_of(line)) == pieces


def test_chinese_lines_run_on_without_a_space_and_english_ones_with_one() -> None:
    assert blocks_of("第一行\n第二行") == [Block("PARAGRAPH", ((Piece("第一行第二行"),),))]
    assert plain_text("first\nsecond\n\n- **third**") == "first second\nthird"


def test_figures_are_filled_and_unknown_ones_named() -> None:
    said = "{投诉答复期限}内，{ appeal_days }，{市长电话}"
    assert unknown_figures(said) == ["市长电话"]
    assert with_figures(said, {"complaint_days": "7 天"}) == "7 天内，{ appeal_days }，{市长电话}"
