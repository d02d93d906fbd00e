"""The books: what stands on each account, and the newest entries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.db.models.functions import Coalesce

from yishi.claims.models.ledger import Account, AccountKind, Entry


@dataclass(frozen=True)
class AccountLine:
    """Debit above zero, credit below."""

    code: str
    name: str
    kind_label: str
    amount_fen: int


@dataclass(frozen=True)
class EntryLine:
    id: int
    kind: str
    subject_kind: str
    subject_id: int
    at: datetime
    by: str
    is_reversal: bool
    postings: tuple[tuple[str, str, int], ...]


def account_balances() -> list[AccountLine]:
    """Every account with its balance; together they are zero."""
    rows = Account.objects.annotate(balance=Coalesce(Sum("postings__amount_fen"), 0)).order_by("code")
    return [AccountLine(r.code, r.name, str(AccountKind(r.kind).label), int(r.balance)) for r in rows]


def list_entries(*, limit: int = 50) -> list[EntryLine]:
    """The newest entries with their postings."""
    rows = Entry.objects.prefetch_related("postings__account").order_by("-id")[:limit]
    return [
        EntryLine(
            row.pk, row.kind, row.subject_kind, row.subject_id, row.at, row.by, row.reverses_id is not None,
            tuple((p.account.code, p.account.name, p.amount_fen) for p in row.postings.all()),
        )
        for row in rows
    ]  # fmt: skip
