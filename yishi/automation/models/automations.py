"""Rules of the operator: when something happens, if it is so, then do this; and what came of each look."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case


class RuleState(models.TextChoices):
    DRAFT = "DRAFT", _("草稿")
    LIVE = "LIVE", _("在用")
    ENDED = "ENDED", _("已停用")


class Rule(models.Model):
    """One version of a rule; what is changed is a new version, and only one of a rule is live.

    `conditions` as `rules.conditions` reads them, `steps` as `rules.steps` does.
    """

    key = models.UUIDField()
    version = models.PositiveIntegerField()
    name = models.TextField()
    trigger = models.TextField()
    conditions = models.JSONField(default=list)
    steps = models.JSONField()
    # rules on the same fact look at it in this order; after one that `is_last` and fitted no other does
    place = models.PositiveIntegerField(default=100)
    is_last = models.BooleanField(default=False)
    state = models.TextField(choices=RuleState.choices, default=RuleState.DRAFT)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    # nothing goes live that was not tried on past cases
    tried_at = models.DateTimeField(null=True)
    live_by = models.TextField(default="")
    live_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    broken_says = models.TextField(default="")

    class Meta:
        db_table = "automation_rule"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="automation_rule_version"),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state="LIVE"), name="automation_rule_live_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RunOutcome(models.TextChoices):
    DONE = "DONE", _("办了")
    NO_MATCH = "NO_MATCH", _("不合条件")
    REFUSED = "REFUSED", _("没办成")
    BROKEN = "BROKEN", _("规则坏了")


class RuleRun(models.Model):
    """One look of a rule at one fact, whatever came of it. The same fact is looked at once."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    fact = models.TextField()
    fact_hash = models.BinaryField(max_length=32)
    outcome = models.TextField(choices=RunOutcome.choices)
    says = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "automation_rule_run"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "fact_hash"], name="automation_run_once")
        ]
        indexes: ClassVar = [models.Index(fields=["rule", "-at"], name="automation_runs_of_rule")]
