"""Rules of cases, by tables: categories, moves, texts, repeats, the consumer's steps."""

from datetime import timedelta

import pytest

from tests.world import START
from yishi.cases.models.case import Category
from yishi.cases.rules.categories import CATEGORIES, CaseClass
from yishi.cases.rules.repeats import first_priority
from yishi.cases.rules.status import MOVES, OPEN_STATUSES, REOPEN_WITHIN, Status, may_move, may_reopen
from yishi.cases.rules.steps import consumer_steps
from yishi.kit.texts import clean_text

DAY = timedelta(days=1)


def test_every_category_has_a_name_and_a_class():
    assert set(CATEGORIES) == set(Category.values)
    assert [name for name, rule in CATEGORIES.items() if rule.case_class is None] == ["FALSE_SIGN_OFF"]


@pytest.mark.parametrize(
    ("category", "case_class"),
    [
        ("SIGNED_NOT_RECEIVED", CaseClass.EXCEPTION),
        ("PRIVACY", CaseClass.EXCEPTION),
        ("UNCONSENTED_PLACEMENT", CaseClass.COMPLAINT),
        ("OTHER", CaseClass.COMPLAINT),
        ("URGE", CaseClass.REQUEST),
        ("SUGGESTION", CaseClass.ENQUIRY),
        ("PRAISE", CaseClass.PRAISE),
    ],
)
def test_class_of_category(category, case_class):
    assert CATEGORIES[category].case_class is case_class


def test_no_dead_end():
    assert all(MOVES[status] for status in Status)
    assert all(
        may_move(status, Status.RESOLVED) and may_move(status, Status.WITHDRAWN) for status in OPEN_STATUSES
    )


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [
        ("OPEN", "IN_PROGRESS", True),
        ("IN_PROGRESS", "OPEN", False),
        ("RESOLVED", "CLOSED", True),
        ("OPEN", "CLOSED", False),
        ("CLOSED", "IN_PROGRESS", True),
        ("WITHDRAWN", "RESOLVED", False),
    ],
)
def test_moves(old, new, may):
    assert may_move(old, new) is may


@pytest.mark.parametrize(
    ("status", "ago", "may"),
    [
        ("RESOLVED", REOPEN_WITHIN, True),
        ("CLOSED", REOPEN_WITHIN + timedelta(microseconds=1), False),
        ("WITHDRAWN", DAY, True),
        ("IN_PROGRESS", DAY, False),
    ],
)
def test_reopening_ends_after_15_days(status, ago, may):
    assert may_reopen(status, START - ago, START) is may


@pytest.mark.parametrize(
    ("said", "kept", "removed"),
    [
        ("一\x00二", "一二", 1),
        ("a\x1b[31mred\r\nb", "a[31mred\nb", 1),
        ("\ud800x", "\ufffdx", 1),
        ("  📦\u200b \u202eabc ", "📦\u200b \u202eabc", 0),
    ],
)
def test_texts_keep_what_was_said(said, kept, removed):
    assert clean_text(said) == (kept, removed)


@pytest.mark.parametrize(
    ("category", "wanted", "ago", "priority"),
    [
        ("DELAY", 0, [], 0),
        ("DELAY", 0, [30 * DAY], 1),
        ("DELAY", 0, [3 * DAY], 2),
        ("DELAY", 2, [10 * DAY], 2),
        ("DELAY", 0, [31 * DAY], 0),
        ("SAFETY", 0, [], 2),
    ],
)
def test_repeats_raise_the_priority(category, wanted, ago, priority):
    assert first_priority(category, wanted, [START - each for each in ago], START) == priority


def steps(status, **moments):
    known = {"routed_at": START, "replied_at": None, "resolved_at": None, "closed_at": None, **moments}
    promised = {"FIRST_RESPONSE": START + DAY}
    return consumer_steps(status=status, opened_at=START, promised=promised, **known)


def test_the_first_step_not_done_is_now():
    assert [step.state for step in steps("OPEN")] == ["DONE", "DONE", "NOW", "NEXT", "NEXT"]
    assert steps("OPEN")[2].due_at == START + DAY


def test_a_settled_case_waits_for_its_confirmation():
    told = steps("RESOLVED", resolved_at=START)
    assert [step.state for step in told] == ["DONE", "DONE", "DONE", "DONE", "NOW"]
    assert told[-1].due_at == START + 3 * DAY


def test_a_withdrawn_case_ends_there():
    assert [step.key for step in steps("WITHDRAWN", closed_at=START)] == [
        "RECEIVED",
        "AT_OUTLET",
        "WITHDRAWN",
    ]
