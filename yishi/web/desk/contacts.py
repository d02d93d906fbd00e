"""The person behind a case: masked until somebody's task needs more; every look is written down."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yishi.cases.queries.cards import CaseCard
from yishi.cases.rules.status import OPEN_STATUSES
from yishi.consignees.queries import masked_contact, reveal_contact, see_contact
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class ContactField:
    name: str
    word: str
    value: str


@dataclass(frozen=True)
class ContactSight:
    """What of a contact is shown now, and what it takes to see more."""

    fields: tuple[ContactField, ...]
    is_plain: bool
    may_reveal: bool
    asks_reason: bool


def is_own_task(viewer: Viewer, case: CaseCard) -> bool:
    """Need implies sight: whoever has the open case in hand sees whom to call."""
    return viewer.user_id is not None and case.assignee_id == viewer.user_id and case.status in OPEN_STATUSES


def look(viewer: Viewer, case: CaseCard, *, reason: str | None = None, at: datetime) -> ContactSight:
    """Masked without `reason`. With it in full: silently logged for one's own open case, else with it.

    Raises NotAllowed, or Invalid for an empty reason where one is asked.
    """
    if case.contact_id is None:
        return ContactSight((), is_plain=False, may_reveal=False, asks_reason=False)
    asks_reason = not is_own_task(viewer, case)
    if reason is None:
        seen = masked_contact(case.contact_id)
        may_reveal = not asks_reason or viewer.may(Permission.REVEAL)
        return _sight(
            seen.name, seen.phone, seen.email, plain=False, may_reveal=may_reveal, asks_reason=asks_reason
        )
    if not asks_reason:
        full = see_contact(viewer=viewer, contact_id=case.contact_id, task=f"case:{case.case_no}", at=at)
        return _sight(full.name, full.phone, full.email, plain=True)
    name, phone, email = (
        reveal_contact(viewer, case.contact_id, field, reason, at) for field in ("name", "phone", "email")
    )
    return _sight(name, phone, email, plain=True)


def _sight(
    name: str, phone: str, email: str, *, plain: bool, may_reveal: bool = False, asks_reason: bool = False
) -> ContactSight:
    said = (ContactField("name", _("姓名"), name), ContactField("phone", _("电话"), phone),
            ContactField("email", _("邮箱"), email))  # fmt: skip
    return ContactSight(tuple(field for field in said if field.value), plain, may_reveal, asks_reason)
