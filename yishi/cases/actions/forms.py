"""The form of a case's type as it is kept: read and checked, telephone numbers sealed."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yishi.cases.models.case import Case
from yishi.cases.queries.types import day_of, implied_type, shelf
from yishi.cases.rules.type_forms import check_form
from yishi.cases.rules.types import FieldKind, TypeTerms
from yishi.kit.errors import Invalid
from yishi.kit.personal import seal
from yishi.people.rules import Viewer


@dataclass(frozen=True)
class Typed:
    """The type that somebody named, or whose form he filled in, when a case was opened."""

    key: str
    version: int
    form: dict[str, Any]


def keep_type(*, case_id: int, typed: Typed) -> None:
    """Writes what was named beside a case that is just being opened."""
    Case.objects.filter(pk=case_id).update(type_key=typed.key, type_version=typed.version, form=typed.form)


def kept_form(terms: TypeTerms, values: Mapping[str, Any], *, is_complete: bool) -> dict[str, Any]:
    """The values as a case keeps them. Raises Invalid with a pointer a field."""
    kept, errors = check_form(terms.fields, values, is_complete=is_complete)
    if errors:
        raise Invalid(errors)
    phones = {field.key for field in terms.fields if field.kind == FieldKind.PHONE}
    return {key: {"sealed": _sealed(value)} if key in phones else value for key, value in kept.items()}


def _sealed(phone: str) -> str:
    return base64.b64encode(seal(phone)).decode()


def named_type(
    *, category: str, type_key: str, form: Mapping[str, Any] | None, by: Viewer | None, at: datetime
) -> Typed | None:
    """What a new case keeps of its type; None when nobody named one or filled a form in.

    Staff fill in what is required; a person who complains himself is never barred by it. Raises Invalid for
    a type that does not count today or belongs to another category.
    """
    if not type_key and not form:
        return None
    known, day = shelf(), day_of(at)
    terms = known.terms.get(type_key)
    if not type_key:
        terms = implied_type(known, category, day=day, outlet_id=None)
    if terms is None or terms.category != category or not terms.counts_on(day, terms.regions):
        raise Invalid([("/type_key", "unknown_type", "没有这个工单类型，或它今天不能用")])
    kept = kept_form(terms, form or {}, is_complete=by is not None and bool(type_key))
    version = known.types[terms.key].version if terms.key in known.types else 0
    return Typed(terms.key, version, kept)
