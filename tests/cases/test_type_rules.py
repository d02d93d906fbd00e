"""Case types by tables: which one counts, what a form takes, what a type may not say, and its YAML."""

from datetime import date

import pytest

from yishi.cases.rules.type_book import read_book, write_book
from yishi.cases.rules.type_forms import check_form
from yishi.cases.rules.types import FormField, TypeTerms, changed_parts, choose_type, keys_up, terms_faults
from yishi.cases.rules.workflows import Auto, Step, Workflow

MAY = date(2026, 5, 1)


def terms(key="LOST", category="LOST", **more):
    return TypeTerms(key=key, name=key, category=category, **more)


TREE = [
    terms(),
    terms("LOST_INSIDE", parent="LOST"),
    terms("LOST_SUMMER", valid_from=date(2026, 6, 1), valid_until=date(2026, 8, 31)),
    terms("LOST_NJ", regions=("NJ",)),
    terms("DELAY", category="DELAY"),
]


@pytest.mark.parametrize(
    ("category", "day", "regions", "key"),
    [
        ("LOST", MAY, [], "LOST"),
        ("LOST", date(2026, 5, 31), [], "LOST"),
        ("LOST", date(2026, 6, 1), [], "LOST_SUMMER"),
        ("LOST", date(2026, 8, 31), [], "LOST_SUMMER"),
        ("LOST", date(2026, 9, 1), [], "LOST"),
        # made for the region goes before made for a time
        ("LOST", date(2026, 6, 1), ["JS", "NJ"], "LOST_NJ"),
        ("LOST", MAY, ["SH"], "LOST"),
        ("DELAY", MAY, ["NJ"], "DELAY"),
        ("PRAISE", MAY, [], ""),
    ],
)
def test_the_type_that_counts(category, day, regions, key):
    assert choose_type(TREE, category=category, day=day, regions=regions) == key


PARENTS = {"LOST": "", "INSIDE": "LOST", "FRESH": "INSIDE", "A": "B", "B": "A", "ORPHAN": "GONE"}


@pytest.mark.parametrize(
    ("key", "keys"),
    [
        ("LOST", "LOST"),
        ("FRESH", "FRESH INSIDE LOST"),
        ("ORPHAN", "ORPHAN"),
        ("UNKNOWN", "UNKNOWN"),
        ("A", "A B"),
    ],
)
def test_a_type_stands_under_those_above_it(key, keys):
    assert keys_up(key, PARENTS) == tuple(keys.split())


FORM = [
    FormField(key="what", name="里面是什么", is_required=True),
    FormField(key="box", name="纸箱", kind="CHOICE", options=("大", "小")),
    FormField(key="count", name="几件", kind="NUMBER"),
    FormField(key="worth", name="价值", kind="MONEY"),
    FormField(key="on", name="哪天", kind="DATE"),
    FormField(key="call", name="电话", kind="PHONE"),
    FormField(key="sure", name="确定吗", kind="YES_NO"),
]


@pytest.mark.parametrize(
    ("key", "said", "kept"),
    [
        ("what", " 书\x00 ", "书"),
        ("box", "大", "大"),
        ("count", "1,200", 1200),
        ("count", "1.5", 1.5),
        ("worth", "12.5", 1250),
        ("worth", 8, 800),
        ("on", "2026-02-28", "2026-02-28"),
        ("call", "025-00000101", "025-00000101"),
        ("sure", "是", True),
        ("sure", False, False),
        # refused
        ("what", "字" * 2001, "too_long"),
        ("what", 5, "not_text"),
        ("box", "中", "unknown_choice"),
        ("count", "许多", "not_a_number"),
        ("count", True, "not_a_number"),
        ("count", "NaN", "not_a_number"),
        ("worth", "1.005", "not_money"),
        ("worth", "-1", "not_money"),
        ("worth", "1e99", "not_a_number"),
        ("on", "2026-02-30", "not_a_date"),
        ("call", "等会儿", "not_a_phone"),
        ("sure", "也许", "not_yes_or_no"),
        ("sure", [], "not_yes_or_no"),
        ("other", "x", "unknown_field"),
    ],
)
def test_a_field_is_read_or_refused_by_its_pointer(key, said, kept):
    values, errors = check_form(FORM, {key: said}, is_complete=False)
    assert (values == {key: kept} and not errors) or [(p, c) for p, c, _ in errors] == [
        (f"/form/{key}", kept)
    ]


def test_what_is_required_bars_only_staff():
    assert check_form(FORM, {"what": " "}, is_complete=False) == ({}, [])
    assert [e[:2] for e in check_form(FORM, {}, is_complete=True)[1]] == [("/form/what", "missing_field")]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"key": "lost"}, "/key"),
        ({"key": "X"}, "/key"),
        ({"category": "FALSE_SIGN_OFF"}, "/category"),
        ({"parent": "NONE"}, "/parent"),
        ({"parent": "LOST"}, "/parent"),
        ({"parent": "LOST_INSIDE"}, "/parent"),
        ({"workflow": "NONE"}, "/workflow"),
        ({"regions": ("MARS",)}, "/regions"),
        ({"regulator_item": "整件丢失"}, "/regulator_group"),
        ({"role": "KING"}, "/role"),
        ({"evidence": ("DREAM",)}, "/evidence"),
        ({"valid_from": MAY, "valid_until": date(2026, 4, 30)}, "/valid_until"),
        ({"fields": (FormField(key="Bad", name="x"),)}, "/fields/0/key"),
        ({"fields": (FORM[0], FORM[0])}, "/fields/1/key"),
        (
            {"fields": (FormField(key="a", name="a", kind="CHOICE", options=("大", "大")),)},
            "/fields/0/options",
        ),
        ({"fields": (FormField(key="a", name="a", kind="SONG"),)}, "/fields/0/kind"),
    ],
)
def test_a_faulty_type_is_refused_by_its_pointer(changed, pointer):
    faulty = TypeTerms(**{"key": "LOST", "name": "丢失", "category": "LOST", **changed})
    others = {each.key: each for each in TREE}
    found = terms_faults(faulty, others=others, workflows=["COMPLAINT"], regions=["NJ"])
    assert [fault[0] for fault in found] == [pointer]


def test_what_changed_between_versions():
    assert changed_parts(terms(), terms(role="QUALITY")) == [("role", "", "QUALITY")]


FLOW = Workflow(
    key="FLOW", name="流程", start="IN", steps=(
        Step(key="IN", name="受理", status="OPEN", limit_hours=2, autos=(Auto(on="TIME", to="IN"),)),
    ),
)  # fmt: skip


def test_yaml_there_and_back_is_the_same():
    types = [terms(fields=tuple(FORM), valid_from=MAY, regions=("NJ",), evidence=("PHOTO",)), *TREE[1:]]
    book, errors = read_book(write_book(types, [FLOW]))
    assert not errors and list(book.types) == types and list(book.workflows) == [FLOW]


@pytest.mark.parametrize(
    ("text", "line", "pointer", "code"),
    [
        ("", 1, "", "not_a_book"),
        ("format: 1\ntypes: [", 2, "", "not_yaml"),
        ("format: 2", 1, "/format", "wrong_format"),
        ("format: 1\ntypes: {}", 2, "/types", "not_a_list"),
        ("format: 1\nothers: []", 2, "/others", "unknown_name"),
        ("format: 1\ntypes:\n- key: AB", 3, "/types/0/name", "missing_name"),
        ("format: 1\ntypes:\n- {key: AB, name: x}\n- {key: AB, name: y}", 4, "/types/1/key", "key_twice"),
        ("format: 1\ntypes:\n- key: AB\n  name: x\n  nam: y", 5, "/types/0/nam", "unknown_name"),
        ("format: 1\ntypes:\n- {key: AB, name: x, valid_from: soon}", 3, "/types/0/valid_from", "not_a_date"),
        ("format: 1\ntypes:\n- {key: AB, name: [x]}", 3, "/types/0/name", "not_a_word"),
        ("format: 1\ntypes: &a\n- *a", 3, "", "alias"),
        ("format: 1\ntypes:\n" + "- {}\n" * 501, 0, "", "too_many_entries"),
        ("format: 1\ntypes: [" + "0," * 90_000 + "0]", 2, "", "too_many"),
    ],
)
def test_a_faulty_text_is_refused_by_line_and_pointer(text, line, pointer, code):
    book, errors = read_book(text)
    assert book is None and (line, pointer, code) in {(e.line, e.pointer, e.code) for e in errors}
