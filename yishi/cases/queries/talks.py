"""Which case a conversation is about, and which conversations a case has."""

from yishi.cases.models.talks import CaseConversation
from yishi.cases.queries.cards import CaseCard, get_case


def case_of_conversation(conversation_id: int) -> CaseCard | None:
    """The case that a conversation is about now; None where there is none."""
    found = CaseConversation.objects.filter(conversation_id=conversation_id).first()
    return get_case(found.case_id) if found is not None else None


def conversations_of_case(case_id: int) -> list[int]:
    """The conversations of a case, the newest link first."""
    rows = CaseConversation.objects.filter(case_id=case_id).order_by("-linked_at", "-pk")
    return list(rows.values_list("conversation_id", flat=True))
