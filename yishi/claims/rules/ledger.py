"""What is booked when money moves: accounts and signed fen that add up to zero. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CASH = "1001"
RECOVERY_DUE = "1201"
AWARD_DUE = "1202"
CONSUMER_DUE = "2001"
PENALTY_DUE = "2101"
RECOVERED = "5101"
COMPENSATION = "6001"
PENALTIES = "6101"


@dataclass(frozen=True)
class Amount:
    """Debit above zero, credit below."""

    account: str
    fen: int


def move(debit: str, credit: str, fen: int) -> tuple[Amount, Amount]:
    """One amount from the credited account to the debited one. ValueError for nothing or less."""
    if fen <= 0:
        raise ValueError("an entry needs an amount above zero")
    return Amount(debit, fen), Amount(credit, -fen)


def is_balanced(postings: Iterable[Amount]) -> bool:
    """At least two postings, none of zero, together zero."""
    found = list(postings)
    return len(found) > 1 and all(one.fen for one in found) and not sum(one.fen for one in found)


def reversed_of(postings: Iterable[Amount]) -> tuple[Amount, ...]:
    return tuple(Amount(one.account, -one.fen) for one in postings)


def balances(entries: Iterable[Iterable[Amount]]) -> Mapping[str, int]:
    """What stands on each account."""
    found: dict[str, int] = {}
    for postings in entries:
        for one in postings:
            found[one.account] = found.get(one.account, 0) + one.fen
    return found
