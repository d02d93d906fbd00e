"""Booking: each thing that happens to money once, balanced; what was wrong is reversed, never changed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yishi.claims.models.ledger import Account, Entry, Posting
from yishi.claims.rules.ledger import Amount, is_balanced, reversed_of
from yishi.kit.errors import Refusal


class NotBalanced(Refusal):
    """这笔账借贷不平，没有记"""

    code = "not_balanced"
    status = 422


class AlreadyReversed(Refusal):
    """这笔账已经冲销过"""

    code = "already_reversed"


@transaction.atomic
def book(
    *,
    key: str,
    kind: str,
    subject: tuple[str, int],
    amounts: Sequence[Amount],
    by: str,
    at: datetime,
    reverses: Entry | None = None,
) -> int:
    """Books one entry; the same `key` again is the same entry. Returns its id. Raises NotBalanced."""
    if not is_balanced(amounts):
        raise NotBalanced()
    entry, is_new = Entry.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind, "subject_kind": subject[0], "subject_id": subject[1], "at": at, "by": by,
            "reverses": reverses,
        },
    )  # fmt: skip
    if is_new:
        accounts = dict(Account.objects.values_list("code", "pk"))
        Posting.objects.bulk_create(
            Posting(entry=entry, account_id=accounts[one.account], amount_fen=one.fen) for one in amounts
        )
    return entry.pk


@transaction.atomic
def reverse(*, key: str, by: str, at: datetime) -> int:
    """Books the opposite of the entry of this key. Raises AlreadyReversed, Entry.DoesNotExist."""
    entry = Entry.objects.select_for_update().get(key=key)
    if Entry.objects.filter(reverses=entry).exists():
        raise AlreadyReversed()
    postings = entry.postings.select_related("account").order_by("id")
    amounts = reversed_of(Amount(one.account.code, one.amount_fen) for one in postings)
    return book(
        key=f"{key}:reversed",
        kind="REVERSED",
        subject=(entry.subject_kind, entry.subject_id),
        amounts=amounts,
        by=by,
        at=at,
        reverses=entry,
    )
