"""Which conversations a case came from or goes on in."""

from django.db import models

from yishi.cases.models.case import Case
from yishi.conversations.models.talk import Conversation


class CaseConversation(models.Model):
    """One conversation belongs to at most one case at a time: the matter that it is about now."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="conversations")
    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        db_table = "cases_conversation"
