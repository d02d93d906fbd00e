"""What the house knows how to say: saved replies with their versions."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.network.models import Outlet

User = settings.AUTH_USER_MODEL


class ReplyScope(models.TextChoices):
    PERSONAL = "PERSONAL", _("只有我用")
    OUTLET = "OUTLET", _("本网点")
    OPERATOR = "OPERATOR", _("全公司")


class Reply(models.Model):
    """A text that is said often, with `{variables}`; `categories` empty = fits every case."""

    title = models.TextField()
    body = models.TextField()
    language = models.TextField(default="zh-hans")
    categories = models.JSONField(default=list)
    scope = models.TextField(choices=ReplyScope.choices)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.CASCADE, related_name="+")
    review_date = models.DateField(null=True)
    used = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "knowledge_reply"
        indexes: ClassVar = [
            models.Index(
                fields=["scope", "outlet"],
                condition=models.Q(archived_at__isnull=True),
                name="knowledge_reply_live",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ReplyVersion(models.Model):
    """A saved reply as it stood; written with every change, never altered."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    title = models.TextField()
    body = models.TextField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_reply_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reply", "version"], name="knowledge_version_once")
        ]
