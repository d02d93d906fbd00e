"""By which official account a person can be written to."""

from yishi.conversations.models.talk import Participant
from yishi.conversations.rules import Author


def wechat_of(contact_id: int) -> tuple[str, int] | None:
    """His address there and the account that knows it, of the talk he wrote in last; None where he never
    did, or that way in is paused."""
    rows = Participant.objects.filter(
        conversation__contact_id=contact_id, kind=Author.CONSUMER, channel="WECHAT", account__is_paused=False
    )
    row = rows.order_by("-wrote_at", "-pk").first()
    return (row.address, row.account_id) if row is not None and row.account_id is not None else None
