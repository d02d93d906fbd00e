"""The operator's promises: rules added and ended, and parcels without a stated promise given theirs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from yishi.kit.errors import NotFound, Refusal
from yishi.kit.hot import hot_cursor
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.promises import PromiseRule
from yishi.shipments.queries.eta import zone
from yishi.shipments.queries.promises import running_rules
from yishi.shipments.rules.promises import Lane, PromiseTerms, promise_of, read_table


class AlreadyEnded(Refusal):
    """这条时效承诺已经停用"""

    code = "already_ended"
    status = 409


class UnclearTerms(Refusal):
    """这条承诺没写清楚：时限写小时数，或写第几天和几点，二选一；还要有开始的日期和出处"""

    code = "unclear_terms"
    status = 422


@transaction.atomic
def add_promise_rule(*, terms: PromiseTerms, by: Viewer, at: datetime) -> int:
    """Promises from now on what the terms say; its number. Raises NotAllowed."""
    require(by, Permission.POLICY_MANAGE)
    return PromiseRule.objects.create(**asdict(terms), added_at=at, added_by=by.label).pk


@transaction.atomic
def end_promise_rule(*, rule_id: int, by: Viewer, at: datetime) -> None:
    """Ends a rule; parcels promised by it keep their promise. Raises NotAllowed, NotFound, AlreadyEnded."""
    require(by, Permission.POLICY_MANAGE)
    rule = PromiseRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound
    if rule.ended_at is not None:
        raise AlreadyEnded
    rule.ended_at, rule.ended_by = at, by.label
    rule.save(update_fields=["ended_at", "ended_by"])


@dataclass(frozen=True)
class Imported:
    """What became of a table's lines: `refused` are (line number, code of what is wrong)."""

    added: int
    known: int
    refused: tuple[tuple[int, str], ...]


@transaction.atomic
def import_promise_rules(*, lines: Sequence[str], by: Viewer, at: datetime) -> Imported:
    """Adds the rules of a CSV, all or none of them: any refused line and nothing is added.

    A line that says what a running rule says already adds nothing, so the same file twice is once.
    """
    require(by, Permission.POLICY_MANAGE)
    read = list(read_table(lines))
    refused = tuple((number, said) for number, said in read if isinstance(said, str))
    if refused:
        return Imported(0, 0, refused)
    running = {terms for _, terms in running_rules()}
    fresh = dict.fromkeys(said for _, said in read if isinstance(said, PromiseTerms) and said not in running)
    for terms in fresh:
        add_promise_rule(terms=terms, by=by, at=at)
    return Imported(len(fresh), len(read) - len(fresh), ())


# accepted and under way, with nobody's promise: its first scan past the order says when and where it set out
_WANTING = """
SELECT s.id, s.carrier, coalesce(d.product, ''), coalesce(nullif(f.city, ''), a.city, ''),
       coalesce(nullif(d.city, ''), o.city, ''), a.happened_at
  FROM shipments_shipment s LEFT JOIN shipments_details d ON d.shipment_id = s.id
  LEFT JOIN network_outlet o ON o.id = d.destination_outlet_id
  LEFT JOIN network_outlet f ON f.id = d.origin_outlet_id
  JOIN LATERAL (
    SELECT e.city, e.happened_at FROM shipments_event e
     WHERE e.shipment_id = s.id AND e.kind NOT IN ('created', 'pickup_pending', 'pickup_failed')
     ORDER BY e.happened_at LIMIT 1) a ON true
 WHERE s.id = ANY(%s) AND s.promised_at IS NULL AND s.merged_into_id IS NULL
   AND s.milestone IN ('ACCEPTED', 'IN_TRANSIT', 'AT_OUTLET', 'OUT_FOR_DELIVERY', 'DELIVERY_FAILED')
"""
_PROMISE = """
UPDATE shipments_shipment s SET promised_at = n.due, promise_rule_id = n.rule
  FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) AS n (id, due, rule)
 WHERE s.id = n.id AND s.promised_at IS NULL
"""


@transaction.atomic
def promise_accepted(*, shipment_ids: Sequence[int], at: datetime) -> int:
    """Gives those of these parcels that were accepted without a stated promise what the rules promise.

    What was once promised stays, whatever the rules become; a promise stated later replaces it. How many.
    """
    rules = running_rules()
    if not rules:
        return 0
    found = []
    wanting = hot_cursor().execute(_WANTING, [list(shipment_ids)]).fetchall()
    for shipment_id, carrier, product, origin, destination, accepted_at in sorted(wanting):
        promise = promise_of(rules, Lane(carrier, product, origin, destination), accepted_at, zone())
        if promise is not None:
            found.append((shipment_id, promise[1], promise[0]))
    if found:
        hot_cursor().execute(_PROMISE, [list(column) for column in zip(*found, strict=True)])
    return len(found)
