"""Every state, event and category has its words, and every icon that words name is drawn."""

import re
from pathlib import Path

from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.status import Status
from yishi.shipments.rules.milestones import MILESTONE_OF, Milestone
from yishi.web.consumer import words as consumer
from yishi.web.shared import words

ICONS = Path(words.__file__).parent / "static/yishi/icons.svg"


def test_every_milestone_has_a_sign_acts_and_choices():
    names = {milestone.value for milestone in Milestone}
    assert set(words.MILESTONES) == set(consumer.ACTS) == set(consumer.FIRST) == names


def test_every_status_has_both_signs():
    names = {status.value for status in Status}
    assert set(words.CASE_STATUSES) == set(words.CASE_STATUSES_FOR_CONSUMER) == names


def test_every_category_has_words_and_every_claimable_one_a_place():
    claimable = {name for name, rule in CATEGORIES.items() if rule.is_claimable}
    grouped = [category for _name, listed in consumer.GROUPS for category in listed]
    assert set(words.CATEGORIES) == set(CATEGORIES)
    assert set(consumer.SAYINGS) == set(grouped) == claimable
    assert len(grouped) == len(set(grouped))


def test_every_kind_of_event_has_words():
    assert {str(kind) for kind in MILESTONE_OF} <= set(words.EVENT_KINDS)


def test_every_icon_is_drawn():
    drawn = set(re.findall(r'id="([a-z]+)"', ICONS.read_text()))
    signs = [*words.MILESTONES.values(), *words.CASE_STATUSES.values(), *words.PRIORITIES.values()]
    signs += words.CASE_STATUSES_FOR_CONSUMER.values()
    acts = [act.icon for acts in consumer.ACTS.values() for act in acts]
    assert {sign.icon for sign in signs} | set(acts) <= drawn


def test_a_chosen_category_comes_first_and_nothing_is_lost():
    first = consumer.first_choices("DELIVERED", "ATTITUDE")
    others = [choice for _name, choices in consumer.other_choices(first) for choice in choices]
    assert first[0].category == "ATTITUDE"
    assert len(first) + len(others) == len(consumer.SAYINGS)


def test_a_category_that_nobody_can_claim_is_not_offered():
    assert "FALSE_SIGN_OFF" not in {
        choice.category for choice in consumer.first_choices("DELIVERED", "FALSE_SIGN_OFF")
    }
