"""Who has a case open just now, so that two people do not answer the same person."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from yishi.cases.models.case import Case


class Presence(models.Model):
    """One person at one case until `until_at`; nothing of what he writes."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    is_typing = models.BooleanField(default=False)
    until_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "cases_presence"
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "user"], name="cases_presence_once")]
