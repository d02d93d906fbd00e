"""What the form that settles a case offers beside remedies: who answers for it, and causes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.words.findings import CAUSES, PARTIES
from yishi.cases.rules.outcomes import causes_for, needs_root_cause
from yishi.people.rules import Viewer


def sheet(viewer: Viewer, case: CaseCard, at: datetime) -> Mapping[str, Any]:
    """Parties, the causes that fit the claim, and whether one is wanted; nothing for a case that is over."""
    if not case.is_open:
        return {}
    return {
        "settling": {
            "parties": list(PARTIES.items()),
            "causes": [CAUSES[cause] for cause in causes_for(case.category)],
            "needs_cause": needs_root_cause(claimed=case.category, verified=case.category, validity=""),
        }
    }
