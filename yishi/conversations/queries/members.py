"""Which colleague is meant by a robot's name for a person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from yishi.conversations.actions.members import member_hash
from yishi.conversations.models.pieces import Member
from yishi.people.queries import viewer_of_user
from yishi.people.rules import Viewer


@dataclass(frozen=True)
class MemberLine:
    id: int
    account_label: str
    bound_at: datetime


def viewer_of_member(*, account_id: int, external_id: str) -> Viewer | None:
    """The colleague with his own permissions; None for a stranger, and for one who has left."""
    found = (
        Member.objects.filter(
            account_id=account_id, external_hash=member_hash(external_id), user__is_active=True
        )
        .select_related("user")
        .first()
    )
    return viewer_of_user(found.user) if found is not None else None


def external_ids(*, account_id: int, user_ids: Collection[int]) -> list[str]:
    """How a robot names these colleagues, where it knows them."""
    rows = Member.objects.filter(account_id=account_id, user_id__in=list(user_ids))
    return [row.external_id for row in rows.order_by("pk")]


def list_my_members(viewer: Viewer) -> list[MemberLine]:
    """Where the person himself is known."""
    mine = Member.objects.filter(user_id=viewer.user_id or 0)
    rows = mine.select_related("account").order_by("account__code")
    return [MemberLine(row.pk, row.account.label or row.account.code, row.bound_at) for row in rows]
