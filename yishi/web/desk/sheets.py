"""The sheets of a case's page beside its core: each topic gives what its own partial shows.

A topic has a function `sheet(viewer, case, at)` that returns a dict with one key, its own name, or nothing
where the case has no such matter; `case.html` includes `case_<topic>.html` where the key is there.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string

from yishi.cases.queries.cards import CaseCard
from yishi.people.rules import Viewer

Sheet = Callable[[Viewer, CaseCard, datetime], Mapping[str, Any]]

# by name, because a topic's module shows the case's page again after a refusal
SHEETS: tuple[str, ...] = (
    "yishi.web.desk.handover.sheet",
    "yishi.web.desk.workflow.sheet",
    "yishi.web.desk.links.sheet",
    "yishi.web.desk.settling.sheet",
    "yishi.web.desk.case_work_order.sheet",
    "yishi.web.desk.here.sheet",
    "yishi.web.desk.tasks.sheet",
    "yishi.web.desk.searching.sheet",
    "yishi.web.desk.proofs.sheet",
    "yishi.web.desk.claims.sheet",
    "yishi.web.desk.limits.sheet",
    "yishi.web.desk.intercept.sheet",
)


def sheets_of(viewer: Viewer, case: CaseCard, at: datetime) -> dict[str, Any]:
    """What all topics have to show on this case."""
    values: dict[str, Any] = {}
    for name in SHEETS:
        sheet: Sheet = import_string(name)
        values |= sheet(viewer, case, at)
    return values
