"""Case types are changed by new versions; and a case is given another type."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from yishi.cases.actions.forms import kept_form
from yishi.cases.actions.hold import check_may, check_text, hold_case, keep
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.workflows import Standing, end_promise, make_promise, standing
from yishi.cases.facts import CaseTypeChanged
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience
from yishi.cases.models.types import CaseType
from yishi.cases.queries.types import TypeCard, count_open_cases, day_of, list_regions, shelf
from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.types import TypeTerms, terms_faults
from yishi.kit.errors import Invalid, NotFound, Refusal, Stale
from yishi.kit.facts import announce
from yishi.people.rules import Permission, Viewer


class TypeInUse(Refusal):
    """还有 %(count)s 件没办完的工单用着这个类型，先把它们办完或改成别的类型"""

    code = "type_in_use"


class TypeHasTypesBelow(Refusal):
    """它下面还有 %(count)s 个类型，先停用它们"""

    code = "type_has_types_below"


class TypeMustStay(Refusal):
    """每个诉求类型都要有一个同名的工单类型，这个不能停用；可以改它的内容"""

    code = "type_must_stay"


@transaction.atomic
def save_type(
    *, terms: TypeTerms, why: str = "", version: int | None = None, by: Viewer, at: datetime
) -> int:
    """Makes a type, or its next version; what was before stays in the history. Returns the version.

    `version` is the one that was seen (0: none yet). The same terms again make no new version. Raises
    Invalid with a pointer a field, Stale, NotAllowed.
    """
    check_may(by, Permission.POLICY_MANAGE)
    reason, _note = check_text(why, pointer="/why", is_required=False)
    known = shelf()
    codes = [code for code, _name in list_regions()]
    faults = terms_faults(terms, others=known.terms, workflows=known.active_workflows, regions=codes)
    old = CaseType.objects.select_for_update().filter(key=terms.key, is_latest=True).first()
    seen = known.types.get(terms.key)
    if old and terms.category != old.category and terms.key in CATEGORIES:
        faults.append(("/category", "fixed", "这个类型的诉求类型不能改"))
    if faults:
        raise Invalid(faults)
    if version is not None and version != (old.version if old else 0):
        raise Stale()
    if old and seen and seen.is_active and seen.terms == terms:
        return old.version
    return _write(terms, old, is_active=True, why=reason, by=by, at=at)


@transaction.atomic
def end_type(*, key: str, why: str = "", by: Viewer, at: datetime) -> None:
    """Ends a type: nothing new is opened under it. It is never deleted.

    Raises TypeInUse while open cases stand under it, TypeHasTypesBelow, TypeMustStay, NotFound.
    """
    check_may(by, Permission.POLICY_MANAGE)
    reason, _note = check_text(why, pointer="/why", is_required=False)
    old = CaseType.objects.select_for_update().filter(key=key, is_latest=True, is_active=True).first()
    known = shelf()
    if old is None or key not in known.terms:
        raise NotFound()
    if key in CATEGORIES:
        raise TypeMustStay()
    below = sum(1 for terms in known.terms.values() if terms.parent == key)
    if below:
        raise TypeHasTypesBelow(count=below)
    count = count_open_cases(key)
    if count:
        raise TypeInUse(count=count)
    _write(known.terms[key], old, is_active=False, why=reason, by=by, at=at)


def _write(
    terms: TypeTerms, old: CaseType | None, *, is_active: bool, why: str, by: Viewer, at: datetime
) -> int:
    if old is not None:
        CaseType.objects.filter(pk=old.pk).update(is_latest=False)
        position = old.position
    else:
        position = (CaseType.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    row = CaseType.objects.create(
        key=terms.key,
        version=old.version + 1 if old else 1,
        is_active=is_active,
        name=terms.name,
        name_en=terms.name_en,
        made_by_id=by.user_id,
        made_at=at,
        why=why,
        parent_key=terms.parent,
        position=position,
        category=terms.category,
        regulator_group=terms.regulator_group,
        regulator_item=terms.regulator_item,
        fields=[asdict(field) for field in terms.fields],
        role=terms.role,
        evidence=list(terms.evidence),
        workflow_key=terms.workflow,
        compensation_key=terms.compensation,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        regions=list(terms.regions),
    )
    return row.version


@transaction.atomic
def set_type(
    *,
    case_id: int,
    type_key: str,
    form: Mapping[str, Any] | None = None,
    reason: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Gives an open case another type, with its form, workflow and promises; says why in the history.

    What the person complained of (`category`) stays as he said it; the class of care follows the type.
    `form` None keeps what was filled in, as far as the new type asks for it. Raises Invalid, Stale,
    CaseIsOver.
    """
    check_may(by, Permission.CASE_WRITE)
    why, note = check_text(reason, pointer="/reason")
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    card = shelf().types.get(type_key)
    day = day_of(at)
    if card is None or not card.is_active or not card.terms.counts_on(day, card.terms.regions):
        raise Invalid([("/type_key", "unknown_type", "没有这个工单类型，或它今天不能用")])
    here = standing(case)
    old = here.terms
    kept = _carried_form(case, card.terms) if form is None else {}
    if form is not None:
        kept = kept_form(card.terms, form, is_complete=True)
    data = {**note, "from": old.key, "from_name": old.name, "to": card.terms.key, "to_name": card.terms.name}
    write_entry(case, "TYPE", Audience.INTERNAL, by=by, at=at, text=why, data=data)
    _give(case, card, kept, here, by=by, at=at)


def _carried_form(case: Case, terms: TypeTerms) -> dict[str, Any]:
    return {field.key: case.form[field.key] for field in terms.fields if field.key in case.form}


def _give(
    case: Case, card: TypeCard, form: dict[str, Any], left: Standing, *, by: Viewer, at: datetime
) -> None:
    terms, version = card.terms, card.version
    old_class, new_class = case.case_class, terms.case_class
    case.type_key, case.type_version, case.form, case.step = terms.key, version, form, ""
    case.case_class = new_class or old_class
    keep(case, "type_key", "type_version", "form", "step", "case_class")
    end_promise(case, left.place, is_done=False, by=by, at=at)
    make_promise(case, standing(case).place, by=by, at=at)
    announce(
        CaseTypeChanged(
            case_id=case.pk,
            case_no=case.case_no,
            by_user_id=by.user_id,
            old_type_key=left.terms.key,
            type_key=terms.key,
            type_version=version,
            category=terms.category,
            case_class=case.case_class,
            old_class=old_class,
            at=at,
        )
    )
