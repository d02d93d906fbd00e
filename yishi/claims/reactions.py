"""A person lets his case be: nothing is offered to him any more, unless he has accepted already."""

from yishi.cases.facts import CaseWithdrawn
from yishi.claims.actions.withdraw import drop_with_case


def on_case_withdrawn(fact: CaseWithdrawn) -> None:
    drop_with_case(case_id=fact.case_id, at=fact.at)
