"""A bad rating comes back to those who settled the case."""

from yishi.cases.actions.reply import add_note
from yishi.cases.queries.cards import get_case
from yishi.feedback.facts import RatingGiven
from yishi.feedback.rules import is_low
from yishi.kit.live import nudge
from yishi.notifications.actions.webhooks import tell_webhooks
from yishi.people.rules import SYSTEM_VIEWER


def on_rating_given(fact: RatingGiven) -> None:
    """The page of the case shows it at once; one or two stars are noted in its history."""
    nudge(f"case:{fact.case_no}")
    if is_low(fact.score):
        data = {"score": fact.score}
        add_note(case_id=fact.case_id, text="", kind="RATED", data=data, by=SYSTEM_VIEWER, at=fact.at)


def on_rating_given_told(fact: RatingGiven) -> None:
    """Programs hear of the stars; the comment stays here."""
    outlet = get_case(fact.case_id).outlet_code
    data = {"case_no": fact.case_no, "score": fact.score, "outlet": outlet}
    tell_webhooks(event="rating.received", fact=fact, data=data, outlet_code=outlet, at=fact.at)
