"""The form of a case's type on a page: what to ask, what was typed, what to change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from yishi.cases.queries.types import name_of
from yishi.cases.rules.types import FieldKind, FormField
from yishi.kit.errors import Invalid

PREFIX = "form."

_INPUT = {FieldKind.DATE: "date", FieldKind.PHONE: "tel"}
_MODE = {FieldKind.NUMBER: "decimal", FieldKind.MONEY: "decimal", FieldKind.PHONE: "tel"}


@dataclass(frozen=True)
class TypeField:
    """One question as the page shows it; `options` are (value, word)."""

    name: str
    word: str
    help: str
    is_required: bool
    value: str
    error: str
    options: list[tuple[str, str]]
    input: str = "text"
    mode: str = "text"


def fields_of(
    fields: Iterable[FormField],
    typed: Mapping[str, Any] | None = None,
    refusal: Invalid | None = None,
) -> list[TypeField]:
    """The questions in order, with what was typed and why it was refused."""
    said = typed or {}
    errors = {pointer: detail for pointer, _code, detail in refusal.errors} if refusal else {}
    return [
        TypeField(
            name=f"{PREFIX}{field.key}",
            word=name_of(field),
            help=field.help,
            is_required=field.is_required,
            value=str(said.get(field.key, "")),
            error=_(errors[f"/form/{field.key}"]) if f"/form/{field.key}" in errors else "",
            options=_options(field),
            input=_INPUT.get(FieldKind(field.kind), "text"),
            mode=_MODE.get(FieldKind(field.kind), "text"),
        )
        for field in fields
    ]


def _options(field: FormField) -> list[tuple[str, str]]:
    if field.kind == FieldKind.YES_NO:
        return [("YES", _("是")), ("NO", _("否"))]
    return [(word, word) for word in field.options]


def typed_fields(post: QueryDict, fields: Iterable[FormField]) -> dict[str, str]:
    """What was typed into the questions of this form; others' fields are none of it."""
    return {
        field.key: said
        for field in fields
        if (said := post.get(f"{PREFIX}{field.key}", "").replace("\x00", "")[:4000])
    }
