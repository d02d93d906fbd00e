"""What the house knows how to say: saved replies, articles with their versions, questions without one."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
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


class Audience(models.TextChoices):
    CONSUMER = "CONSUMER", _("收件人和寄件人")
    STAFF = "STAFF", _("员工")
    BOTH = "BOTH", _("都看")


class Article(models.Model):
    """What we know of one matter in one language; `asks` are ways in which people ask for it, one a line.

    One slug is one matter: its article in another language has the same. `words` is what search reads.
    """

    slug = models.TextField()
    language = models.TextField(default="zh-hans")
    title = models.TextField()
    body = models.TextField()
    asks = models.TextField(default="", blank=True)
    audience = models.TextField(choices=Audience.choices)
    topic = models.TextField()
    intents = models.JSONField(default=list)
    review_date = models.DateField(null=True)
    # when whoever keeps it is told that it is to be reviewed; empty once he has been
    review_due_at = models.DateTimeField(null=True)
    # nobody's: it was shipped
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    title_words = SearchVectorField()
    body_words = SearchVectorField()

    class Meta:
        db_table = "knowledge_article"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "language"], name="knowledge_article_once")
        ]
        indexes: ClassVar = [
            GinIndex(fields=["title_words"], name="knowledge_article_title"),
            GinIndex(fields=["body_words"], name="knowledge_article_body"),
            models.Index(
                fields=["review_date"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="knowledge_article_review",
            ),
            models.Index(
                fields=["review_due_at"],
                condition=models.Q(review_due_at__isnull=False),
                name="knowledge_article_due",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ArticleVersion(models.Model):
    """An article as it stood, and why; written with every change, never altered."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    title = models.TextField()
    body = models.TextField()
    asks = models.TextField(default="", blank=True)
    why = models.TextField(default="", blank=True)
    is_withdrawn = models.BooleanField(default=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_article_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "version"], name="knowledge_article_version_once")
        ]


class ArticleFeedback(models.Model):
    """Whether it helped one visitor on one day; `word` has no personal data in it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    # a keyed hash: two answers of one visitor can be told, the visitor cannot
    visitor = models.BinaryField()
    day = models.DateField()
    is_helped = models.BooleanField()
    word = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "knowledge_article_feedback"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "visitor", "day"], name="knowledge_feedback_once_a_day"
            )
        ]


class QuestionState(models.TextChoices):
    OPEN = "OPEN", _("还没有文章")
    ANSWERED = "ANSWERED", _("有文章了")
    NOT_OURS = "NOT_OURS", _("不归我们答")


class Question(models.Model):
    """What was asked and found no answer, counted with others like it; no personal data in it."""

    text = models.TextField()
    language = models.TextField(default="zh-hans")
    # where it came from first: SEARCH, ASSISTANT, NOT_HELPED
    source = models.TextField()
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.TextField(choices=QuestionState.choices, default=QuestionState.OPEN)
    article = models.ForeignKey(Article, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        db_table = "knowledge_question"
        indexes: ClassVar = [models.Index(fields=["language", "-last_at"], name="knowledge_question_newest")]

    def __str__(self) -> str:
        return self.text
