"""Which person of an outlet takes a case, by tables: duty, ability, acquaintance, load."""

from datetime import UTC, date, datetime, time

import pytest

from yishi.network.rules import Shift
from yishi.routing.rules.people import Candidate, Chosen, Wanted, Weights, choose_person

TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
SUNDAY = 6
WANTED = Wanted("DAMAGED", "E", "en")
SKILL = frozenset({("CATEGORY", "DAMAGED")})
ENGLISH = frozenset({("LANGUAGE", "en")})


def duty(user_id, opens=8, closes=20, **more):
    return Shift(user_id, time(opens), time(closes), **{"weekday": SUNDAY, **more})


BOTH = [duty(1), duty(2)]
BACKED = [duty(1), duty(2, is_fallback=True)]


@pytest.mark.parametrize(
    ("shifts", "people", "chosen"),
    [
        # a roster with nobody on duty
        ([], [], None),
        ([duty(1, 12, 20)], [Candidate(1)], None),
        ([duty(1, 8, 10)], [Candidate(1)], None),
        ([duty(1)], [Candidate(1)], Chosen(1, "ONLY_ONE")),
        # that date's people before the weekday's; fallback only when nobody else can
        ([duty(1), duty(2, weekday=None, date=date(2026, 11, 22))], [Candidate(1), Candidate(2)],
         Chosen(2, "ONLY_ONE")),
        (BACKED, [Candidate(1, 9), Candidate(2)], Chosen(1, "ONLY_ONE")),
        (BACKED, [Candidate(1, 40), Candidate(2)], Chosen(2, "FALLBACK")),
        (BACKED, [Candidate(1, 40), Candidate(2, 40)], Chosen(1, "ALL_FULL")),
        # load, and equal load: the earlier account
        (BOTH, [Candidate(1, 4), Candidate(2, 3)], Chosen(2, "LEAST_LOAD")),
        (BOTH, [Candidate(2, 3), Candidate(1, 3)], Chosen(1, "LEAST_LOAD")),
        # his own limit: exactly reached is full
        (BOTH, [Candidate(1, 3, most_open=3), Candidate(2, 30)], Chosen(2, "ONLY_ONE")),
        (BOTH, [Candidate(1, 50), Candidate(2, 40)], Chosen(2, "ALL_FULL")),
        # ability is worth 15 cases of load, exactly that much is a draw
        (BOTH, [Candidate(1), Candidate(2, 14, skills=SKILL)], Chosen(2, "SKILLED")),
        (BOTH, [Candidate(1), Candidate(2, 16, skills=SKILL)], Chosen(1, "LEAST_LOAD")),
        (BOTH, [Candidate(1, skills=SKILL), Candidate(2, 5, skills=ENGLISH)], Chosen(2, "SKILLED")),
        (BOTH, [Candidate(1, skills=frozenset({("CLASS", "E")})), Candidate(2)], Chosen(1, "SKILLED")),
        # who knows the person or parcel, if on duty and not overloaded
        (BOTH, [Candidate(1), Candidate(2, 19, knows=True)], Chosen(2, "KNOWS")),
        (BOTH, [Candidate(1), Candidate(2, 40, knows=True)], Chosen(1, "ONLY_ONE")),
        ([duty(1), duty(2, 20, 23)], [Candidate(1), Candidate(2, knows=True)], Chosen(1, "ONLY_ONE")),
    ],
)  # fmt: skip
def test_who_takes_it(shifts, people, chosen):
    assert choose_person(shifts, people, WANTED, weights=Weights(), local=TEN) == chosen


def test_the_weights_are_the_operators():
    people = [Candidate(1, skills=SKILL), Candidate(2, knows=True)]
    for knows, user_id in ((31, 2), (29, 1)):
        chosen = choose_person(BOTH, people, WANTED, weights=Weights(knows=knows), local=TEN)
        assert chosen is not None and chosen.user_id == user_id
