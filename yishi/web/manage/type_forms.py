"""A case type as a form: read from what was posted, and shown again as it was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from yishi.cases.rules.types import Error, FormField, TypeTerms
from yishi.kit.errors import Invalid

BLANK_FIELDS = 2
MOST_ROWS = 40
_WORDS = ("key", "name", "name_en", "parent", "category", "regulator_group", "regulator_item", "role",
          "workflow", "compensation")  # fmt: skip
_FIELD_WORDS = ("key", "name", "name_en", "kind", "help")


def read_type(post: QueryDict) -> TypeTerms:
    """The terms as typed. Raises Invalid for a date that is none; the rest is judged by the rules."""
    words: dict[str, Any] = {name: _said(post, name) for name in _WORDS}
    errors: list[tuple[str, str, str]] = []
    valid_from, valid_until = (_date(post, name, errors) for name in ("valid_from", "valid_until"))
    if errors:
        raise Invalid(errors)
    return TypeTerms(
        **words,
        valid_from=valid_from,
        valid_until=valid_until,
        fields=tuple(_fields(post)),
        evidence=tuple(post.getlist("evidence")),
        regions=tuple(post.getlist("regions")),
    )


def _said(post: QueryDict, name: str) -> str:
    return "".join(sign for sign in post.get(name, "") if sign.isprintable()).strip()


def _date(post: QueryDict, name: str, errors: list[tuple[str, str, str]]) -> date | None:
    text = _said(post, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        errors.append((f"/{name}", "not_a_date", "日期写成 2026-05-01 这样"))
        return None


def _fields(post: QueryDict) -> list[FormField]:
    """Rows that hold anything; a row ticked off is left out."""
    rows = []
    for at in range(MOST_ROWS):
        start = f"fields-{at}-"
        words = {name: _said(post, start + name) for name in _FIELD_WORDS}
        options = [_clean(line) for line in post.get(f"{start}options", "").splitlines()]
        is_empty = not (words["key"] or words["name"])
        if is_empty or post.get(f"{start}drop"):
            continue
        rows.append(
            FormField(
                **{**words, "kind": words["kind"] or "TEXT"},
                is_required=bool(post.get(f"{start}required")),
                options=tuple(line for line in options if line),
            )
        )
    return rows


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()


def typed_of(terms: TypeTerms, faults: Sequence[Error] = ()) -> dict[str, Any]:
    """A type as its form shows it: what is wrong stands in its row, and empty rows add fields."""
    values = asdict(terms)
    rows: list[dict[str, Any]] = [
        {**field, "options": "\n".join(field["options"]), "errors": _of_row(faults, at)}
        for at, field in enumerate(values["fields"])
    ]
    rows += [{"kind": "TEXT"}] * BLANK_FIELDS
    return {**values, "rows": list(enumerate(rows))}


def _of_row(faults: Sequence[Error], at: int) -> list[str]:
    return [_(detail) for pointer, _code, detail in faults if pointer.startswith(f"/fields/{at}/")]


def errors_by_place(faults: Sequence[Error]) -> Mapping[str, str]:
    """What is wrong, by the name of the field that it stands beside."""
    return {pointer[1:]: _(detail) for pointer, _code, detail in faults if "/" not in pointer[1:]}
