"""The sample's cases: the same seed gives the same, and each could have gone so."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from yishi.cases.rules.categories import CATEGORIES
from yishi.sample.history import choose_stories
from yishi.sample.stories import in_waking_hours
from yishi.sample.traces import BEIJING
from yishi.sample.words import BY_FATE, ORDINARY

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def stories(seed=7, total=3000, count=60):
    return choose_stories(seed=seed, total=total, count=count, at=AT)


def test_same_seed_same_stories():
    assert stories() == stories()
    assert stories(seed=8) != stories()


def test_they_are_in_order_and_in_the_past():
    opened = [story.opened_at for story in stories()]
    assert opened == sorted(opened)
    assert opened[-1] < AT
    for story in stories():
        moments = [story.opened_at, *(step.at for step in story.steps), AT]
        assert moments == sorted(moments)


def test_many_are_young():
    assert sum(AT - story.opened_at < timedelta(days=4) for story in stories()) >= 12


def test_no_two_are_about_one_parcel():
    count = Counter(story.parcel.waybill_no for story in stories())
    assert set(count.values()) == {1}


def test_every_matter_is_a_category():
    assert {m.category for m in (*BY_FATE.values(), *ORDINARY)} <= set(CATEGORIES)


def test_people_sleep():
    night = datetime(2026, 11, 22, 23, 30, tzinfo=BEIJING)
    assert in_waking_hours(night) == datetime(2026, 11, 23, 8, 30, tzinfo=BEIJING)
    assert in_waking_hours(night.replace(hour=9)).hour == 9
