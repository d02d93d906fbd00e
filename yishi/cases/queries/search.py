"""Full-text search: cases by number, person or words, as far as they are in sight; every look is bounded.

Words first look through a few hundred of the newest cases in sight: common ones are done with that. Where
the words stand in few cases at all, the index answers, completely. What lies between looks through more of
the newest before it asks the index for all. So all cost about the same, however many cases there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, TimelineEntry
from yishi.cases.queries.cards import CaseLine, read_all
from yishi.cases.queries.search_sight import (
    MOST,
    SHARED,
    SIGHT,
    Hit,
    Sight,
    rows_of,
    sight_of,
    unread_hits,
    values_of,
)
from yishi.cases.rules.search import score
from yishi.consignees.models import Contact
from yishi.kit.fulltext import (
    Part,
    Piece,
    end_query,
    parts_of,
    query_of,
    snippet,
    without_personal,
)
from yishi.kit.personal import keyed_hash, mask_name, mask_phone, normalise_phone
from yishi.kit.texts import clean_text
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

ENOUGH = 50
MAX_Q = 100

_NEWEST_OF_ALL = "SELECT case_id, outlet_id, words FROM cases_search ORDER BY case_id DESC LIMIT %(newest)s"
# the newest of an outlet come from its index alone; OFFSET keeps the planner from the index of words, which
# would read every case that holds them
_NEWEST_OF_OUTLETS = f"""
SELECT each.* FROM unnest(%(outlets)s::bigint[]) AS place (id) CROSS JOIN LATERAL (
  SELECT row.case_id, row.outlet_id, row.words FROM (
    SELECT case_id FROM cases_search WHERE outlet_id = place.id ORDER BY case_id DESC LIMIT %(newest)s
  ) AS new JOIN cases_search row ON row.case_id = new.case_id OFFSET 0
) AS each
UNION ALL SELECT case_id, outlet_id, words FROM cases_search WHERE case_id IN ({SHARED})
"""
_EVERYWHERE = "SELECT case_id, outlet_id, words FROM cases_search"
# the first column says in how many cases the words were found, in sight or not, no further than `cap`
_HITS = f"""
WITH hit AS MATERIALIZED (
  SELECT case_id, outlet_id FROM ({{rows}}) AS row WHERE words @@ %(words)s::tsquery LIMIT %(cap)s),
kept AS MATERIALIZED (
  SELECT c.id, c.opened_at FROM hit JOIN cases_case c ON c.id = hit.case_id
   WHERE (%(all)s OR hit.outlet_id = ANY(%(outlets)s) OR hit.case_id IN ({SHARED})) AND {SIGHT}
   ORDER BY c.id DESC LIMIT %(most)s)
SELECT (SELECT count(*) FROM hit), found.*
  FROM (VALUES (1)) AS one (row) LEFT JOIN (
    SELECT kept.id, kept.opened_at, ts_rank_cd(row.words, %(words)s::tsquery) AS match
      FROM kept JOIN cases_search row ON row.case_id = kept.id) AS found ON true
"""
# numbers do not wait for the worker: what it has not read yet is looked through as it stands
_NUMBERS = """
SELECT c.id FROM (
  SELECT id FROM cases_case WHERE case_no = %(number)s
  UNION SELECT id FROM cases_case WHERE waybill_no = %(number)s AND waybill_no <> ''
  UNION SELECT id FROM cases_case WHERE external_no = %(q)s AND external_no <> ''
  UNION (SELECT case_id FROM cases_search WHERE %(end)s <> '' AND words @@ %(end)s::tsquery LIMIT %(most)s)
  UNION (SELECT id FROM (
    SELECT id, case_no, waybill_no, external_no FROM cases_case
     WHERE id > coalesce((SELECT max(case_id) FROM cases_search), 0) ORDER BY id DESC LIMIT %(most)s) fresh
     WHERE %(end)s <> ''
       AND %(number)s IN (right(case_no, %(long)s), right(waybill_no, %(long)s),
                          right(external_no, %(long)s)))
  UNION (SELECT id FROM cases_case WHERE contact_id = ANY(%(people)s) ORDER BY opened_at DESC LIMIT %(most)s)
) AS found JOIN cases_case c ON c.id = found.id WHERE {sight} ORDER BY c.opened_at DESC LIMIT %(most)s
"""


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """A case found, with the stretch of its words that was wanted; none when its number or person was."""

    line: CaseLine
    pieces: list[Piece]


@dataclass(frozen=True, kw_only=True)
class PersonHit:
    """A person found by name or phone, masked, with how many of his cases are in sight."""

    name: str
    phone: str
    case_count: int
    newest_case_no: str


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """What one search found; `has_more` says that the words stand in more cases than are shown."""

    hits: list[SearchHit]
    people: list[PersonHit]
    has_more: bool


class _Look(NamedTuple):
    """Where words are looked for: among so many of the newest cases (None = all), up to so many hits."""

    newest: int | None
    cap: int | None = None


# words in fewer cases than the second look's cap are rare: what it finds is all there is
_LOOKS = (_Look(400), _Look(None, 2_000), _Look(2_000), _Look(None))


class _Found(NamedTuple):
    """The hits in sight, and how many there were in all, no further than the look's cap."""

    total: int
    hits: list[Hit]


def search(*, viewer: Viewer, q: str, at: datetime, limit: int = 25) -> SearchResult:
    """The cases that a number, a name, a phone or words lead to, the best and freshest first."""
    require(viewer, Permission.CASE_READ)
    said, sight = clean_text(q)[0][:MAX_Q], sight_of(viewer)
    people = _people(said)
    ids = list(dict.fromkeys([*_by_number(sight, said, people), *_by_words(sight, said, at)]))
    lines = {line.id: line for line in read_all(Case.objects.filter(pk__in=ids[:limit]), CaseLine)}
    shown = [lines[case_id] for case_id in ids[:limit] if case_id in lines]
    pieces = _pieces([line.id for line in shown], parts_of(said))
    return SearchResult(
        hits=[SearchHit(line=line, pieces=pieces.get(line.id, [])) for line in shown],
        people=_person_hits(sight, people),
        has_more=len(ids) > limit,
    )


def matching_ids(*, viewer: Viewer, q: str, at: datetime) -> list[int]:
    """The same as ids, at most 400, for lists that narrow and order them in their own way."""
    said, sight = clean_text(q)[0][:MAX_Q], sight_of(viewer)
    return [*_by_number(sight, said, _people(said)), *_by_words(sight, said, at, is_deep=True)]


def _people(q: str) -> list[int]:
    """Contacts by whole name, phone or its last four digits: exact keyed hashes, so nothing is half found."""
    phone, hashes = normalise_phone(q), {"name_hash": keyed_hash("name", q)}
    if len(phone) == 4:
        hashes["phone_tail_hash"] = keyed_hash("phone_tail", phone)
    elif len(phone) > 6:
        hashes["phone_hash"] = keyed_hash("phone", phone)
    looks = [
        Contact.objects.filter(**{name: value}).values_list("pk", flat=True) for name, value in hashes.items()
    ]
    return list(looks[0].union(*looks[1:])[:MOST]) if q else []


def _by_number(sight: Sight, q: str, people: Sequence[int]) -> list[int]:
    number = "".join(q.split()).upper().replace("-", "").lstrip("…")
    values = {**values_of(sight), "number": number, "q": q, "people": list(people)}
    values |= {"end": end_query(number), "long": len(number)}
    return [case_id for (case_id,) in rows_of(_NUMBERS.format(sight=SIGHT), values)] if number else []


def _by_words(sight: Sight, q: str, at: datetime, *, is_deep: bool = False) -> list[int]:
    """Ids by match and freshness, among the newest hits; `is_deep` for whoever wants more than a page."""
    parts = parts_of(q)
    if not parts or (not sight.all and not sight.outlets):
        return []
    found = _Found(0, [])
    for look in _LOOKS[1:] if is_deep else _LOOKS:
        found = _look(sight, query_of(parts), look)
        if len(found.hits) >= ENOUGH or (look.cap is not None and found.total < look.cap):
            break
    hits = [*found.hits, *unread_hits(sight, query_of(parts))]
    return [hit.id for hit in sorted(hits, key=lambda hit: (-score(hit.match, hit.opened_at, at), -hit.id))]


def _look(sight: Sight, words: str, look: _Look) -> _Found:
    """The cases in sight that hold the words; who sees many outlets looks through as many cases in all."""
    newest, rows = look.newest, _EVERYWHERE
    if newest is not None:
        rows = _NEWEST_OF_ALL if sight.all else _NEWEST_OF_OUTLETS
        newest = newest if sight.all else max(newest // len(sight.outlets), 50)
    values = {**values_of(sight), "words": words, "newest": newest, "cap": look.cap}
    found = rows_of(_HITS.format(rows=rows), values)
    return _Found(found[0][0], [Hit(*row) for _, *row in found if row[0] is not None])


def _pieces(case_ids: Sequence[int], parts: Sequence[Part]) -> dict[int, list[Piece]]:
    """The first stretch of public words of each case that holds something of what was wanted, masked."""
    entries = TimelineEntry.objects.filter(case_id__in=case_ids, audience=Audience.PUBLIC).exclude(text="")
    found: dict[int, list[Piece]] = {}
    for case_id, text in entries.order_by("case_id", "id").values_list("case_id", "text") if parts else ():
        if case_id not in found and (pieces := snippet(without_personal(text), parts)):
            found[case_id] = pieces
    return found


def _person_hits(sight: Sight, people: Sequence[int]) -> list[PersonHit]:
    if not people:
        return []
    counted = rows_of(
        "SELECT contact_id, count(*), (array_agg(case_no ORDER BY opened_at DESC))[1] FROM cases_case c"
        f" WHERE contact_id = ANY(%(people)s) AND {SIGHT} GROUP BY contact_id"
        " ORDER BY max(opened_at) DESC LIMIT 10",
        {**values_of(sight), "people": list(people)},
    )
    known = {found.pk: found for found in Contact.objects.filter(pk__in=[row[0] for row in counted])}
    return [
        PersonHit(
            name=mask_name(known[contact_id].name),
            phone=mask_phone(known[contact_id].phone),
            case_count=count,
            newest_case_no=case_no,
        )
        for contact_id, count, case_no in counted
    ]
