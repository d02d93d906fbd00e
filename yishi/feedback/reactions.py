"""A bad rating comes back to those who settled the case."""

from yishi.cases.actions.reply import add_note
from yishi.feedback.facts import RatingGiven
from yishi.feedback.rules import is_low
from yishi.kit.live import nudge
from yishi.people.rules import SYSTEM_VIEWER


def on_rating_given(fact: RatingGiven) -> None:
    """The page of the case shows it at once; one or two stars are noted in its history."""
    nudge(f"case:{fact.case_no}")
    if is_low(fact.score):
        data = {"score": fact.score}
        add_note(case_id=fact.case_id, text="", kind="RATED", data=data, by=SYSTEM_VIEWER, at=fact.at)
