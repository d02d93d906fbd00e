"""Who answers for a case, by a table."""

import pytest

from yishi.routing.rules import Decision, responsible_outlet


@pytest.mark.parametrize(
    ("held", "destination", "serving", "working", "decision"),
    [
        (1, 2, 3, {1, 2, 3}, Decision(1, "LAST_HELD")),
        (None, 2, 3, {2, 3}, Decision(2, "DESTINATION")),
        (1, 2, None, {2}, Decision(2, "DESTINATION")),
        (None, None, 3, {3}, Decision(3, "SERVICE_AREA")),
        (1, None, None, set(), Decision(None, "NO_OUTLET")),
    ],
)
def test_responsible_outlet(held, destination, serving, working, decision):
    assert (
        responsible_outlet(
            is_known=True, held=held, destination=destination, serving=serving, working=working
        )
        == decision
    )


def test_an_unknown_parcel_is_head_offices():
    decision = responsible_outlet(is_known=False, held=None, destination=None, serving=None, working=set())
    assert decision == Decision(None, "UNKNOWN_PARCEL")
