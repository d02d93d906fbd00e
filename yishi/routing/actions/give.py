"""Giving a case away as pages and programs ask for it: at once where that is theirs to say, else offered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yishi.cases.actions.assign import assign
from yishi.cases.queries.cards import get_case
from yishi.kit.errors import Invalid
from yishi.network.queries import outlet_card
from yishi.people.rules import Viewer
from yishi.routing.actions.handovers import offer


def give_case(
    *,
    case_id: int,
    outlet_id: int | None,
    assignee_id: int | None,
    reason: str,
    files: Sequence[UUID] = (),
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> int | None:
    """Within the outlet, to head office, and by head office: at once; so does who works for both outlets. To
    any other outlet: offered, and the offer's id is returned; the case stays until it accepts.

    Refusals of `assign` and `offer`; Invalid where a person of the other outlet is named in an offer.
    """
    case = get_case(case_id)
    if outlet_id in (None, case.outlet_id) or by.sees_outlet(outlet_card(outlet_id or 0).code):
        assign(
            case_id=case_id,
            outlet_id=outlet_id,
            assignee_id=assignee_id,
            reason=reason,
            by=by,
            at=at,
            version=version,
        )
        return None
    if assignee_id is not None:
        raise Invalid([("/user", "not_yours", "转给别的网点时不用定人，接收的网点自己定")])
    return offer(
        case_id=case_id, outlet_id=outlet_id, reason=reason, files=files, by=by, at=at, version=version
    )
