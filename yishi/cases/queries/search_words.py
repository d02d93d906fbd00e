"""The words of cases as search reads them: what is public, without personal data, and the numbers."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Author, TimelineEntry
from yishi.consignees.models import Contact
from yishi.kit.fulltext import vector_of, without_personal

# what the person said weighs more than what was answered
_WEIGHTS = {Author.CONSUMER.value: "A"}


class Words(NamedTuple):
    """The row of a case; `words` is the value of a tsvector."""

    case_id: int
    outlet_id: int | None
    words: str


def words_of(case_ids: Collection[int]) -> list[Words]:
    """The rows of these cases as they stand; three statements."""
    cases = list(
        Case.objects.filter(pk__in=case_ids).values_list(
            "pk", "outlet_id", "contact_id", "case_no", "waybill_no", "external_no"
        )
    )
    names = _names({contact_id for _, _, contact_id, *_ in cases if contact_id})
    said = _said([pk for pk, *_ in cases])
    rows: list[Words] = []
    for pk, outlet_id, contact_id, *numbers in cases:
        people = [names[contact_id]] if names.get(contact_id) else []
        texts = ((weight, without_personal(text, people)) for weight, text in said.get(pk, ()))
        rows.append(Words(pk, outlet_id, vector_of(texts, numbers)))
    return rows


def _names(contact_ids: Iterable[int]) -> dict[int, str]:
    return {found.pk: found.name for found in Contact.objects.filter(pk__in=list(contact_ids)).only("name")}


def _said(case_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """What was said on each case, the first words first, with their weight."""
    entries = TimelineEntry.objects.filter(case_id__in=case_ids, audience=Audience.PUBLIC).exclude(text="")
    said: dict[int, list[tuple[str, str]]] = {}
    for case_id, author, text in entries.order_by("case_id", "id").values_list(
        "case_id", "author_kind", "text"
    ):
        said.setdefault(case_id, []).append((_WEIGHTS.get(author, "B"), text))
    return said
