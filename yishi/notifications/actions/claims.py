"""What is told about money: an offer that waits for an answer, and its payment."""

import uuid
from datetime import datetime

from yishi.claims.rules.money import yuan
from yishi.notifications.actions.cases import tell_consumer
from yishi.notifications.actions.queue import Kind
from yishi.notifications.queries.letters import part
from yishi.notifications.queries.matters import get_case_matter


def tell_of_money(*, case_id: int, what: str, amount_fen: int, at: datetime) -> uuid.UUID | None:
    """Tells the person `claim_offered` or `claim_paid` with the amount; None where he cannot be reached."""
    text = part(what, get_case_matter(case_id).language, amount=yuan(amount_fen))
    return tell_consumer(case_id=case_id, kind=Kind.PUBLIC_STEP, text=text, at=at)
