"""What every verb does first and last: hold the case, check its version, tell the pages."""

from typing import Any

from django.utils.translation import gettext as _

from yishi.cases.models.case import Case
from yishi.cases.models.parties import CaseParty
from yishi.cases.rules.status import Status
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal, Stale
from yishi.kit.live import nudge
from yishi.kit.phrases import Phrase
from yishi.kit.texts import MAX_TEXT, clean_text
from yishi.people.rules import Permission, Viewer

HEAD_OFFICE = "HQ"


class CaseIsOver(Refusal):
    """这件工单已经结束；事情没办好，可以重新打开"""

    code = "case_is_over"


class MoveNotPossible(Refusal):
    """工单现在的状态不能这样改"""

    code = "move_not_possible"


class OnlyTheLead(Refusal):
    """这件由%(outlet)s牵头：答复顾客、改状态、办结由它来，你们可以记备注、加证据"""

    code = "only_the_lead"
    status = 403


def hold_case(*, case_id: int, version: int | None = None, must_be_open: bool = False) -> Case:
    """The case, locked until the transaction ends. Raises NotFound, Stale (another version), CaseIsOver."""
    case = Case.objects.select_for_update(of=("self",)).select_related("outlet").filter(pk=case_id).first()
    if case is None:
        raise NotFound()
    if version is not None and version != case.version:
        raise Stale()
    if must_be_open and not case.is_open:
        raise CaseIsOver()
    return case


def check_may(by: Viewer | None, permission: Permission) -> None:
    """Raises NotAllowed when staff's role may not do this; None is the consumer himself."""
    if by is not None and not by.may(permission):
        raise NotAllowed()


def check_leads(case: Case, by: Viewer) -> None:
    """Raises OnlyTheLead for people of an outlet that only has a part in the case."""
    if by.sees_outlet(case.outlet.code if case.outlet else None):
        return
    parts = CaseParty.objects.filter(case=case, until__isnull=True)
    if parts.filter(outlet__code__in=by.outlet_codes or ()).exists():
        raise OnlyTheLead(outlet=case.outlet.name if case.outlet else _("总部"))


def check_text(
    text: str | Phrase, *, pointer: str = "/text", is_required: bool = True
) -> tuple[str, dict[str, Any]]:
    """The text as it is kept, with a note of what had to be taken out; of a phrase the note alone, and
    `queries.sayings` says it to each reader. Raises Invalid with the pointer."""
    if isinstance(text, Phrase):
        return "", {"phrase": text.kept()}
    kept, removed = clean_text(text)
    if is_required and not kept:
        raise Invalid([(pointer, "missing_field", "这里要写点什么")])
    if len(kept) > MAX_TEXT:
        raise Invalid([(pointer, "too_long", "最多 20,000 字")])
    return kept, {"removed_signs": removed} if removed else {}


def move(case: Case, status: Status) -> str:
    """Sets the status; returns the old one. The caller has checked that the move is in the table."""
    old, case.status = case.status, status
    return old


def keep(case: Case, *fields: str) -> None:
    """Writes the changed fields, raises the version, and tells the pages that show the case."""
    case.version += 1
    case.save(update_fields=[*fields, "version"])
    tell(case)


def tell(case: Case, *other_outlets: str) -> None:
    """Nudges the pages of the case and of its outlet (and of those it leaves)."""
    code = case.outlet.code if case.outlet else HEAD_OFFICE
    nudge(f"case:{case.case_no}", *{f"outlet:{each}" for each in (code, *other_outlets)})
