"""Every running promise, and every one that ended."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from yishi.sla.models.law import Law
from yishi.sla.models.policies import ClockKind, ServiceCalendar, SlaPolicy


class SlaClock(models.Model):
    """One promise. Only `sla` writes it; its subject is a case, or a step, task, hand-over … of one.

    `act_at` is when something must be done next (warn, breach, escalate, end a pause); empty = nothing.
    `breached_at` is the moment at which the promise broke (`due_at`, or the moment of the change that put
    `due_at` into the past), not when it was noticed.
    """

    subject_kind = models.TextField(default="CASE")
    subject_id = models.BigIntegerField()
    # the case of a promise beside it; a case's own clocks name it as their subject
    case_id = models.BigIntegerField(null=True)
    # who answers for it, where one person does, and a word for lists
    who_id = models.BigIntegerField(null=True)
    title = models.TextField(db_default="", default="")
    # the title as a phrase, where Yishi wrote it itself: put into words when read
    said = models.JSONField(db_default={}, default=dict)
    kind = models.TextField(choices=ClockKind.choices)
    # the clock of a merged case whose promise this one goes on with
    carried_from_id = models.BigIntegerField(null=True)
    policy = models.ForeignKey(
        SlaPolicy, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    calendar = models.ForeignKey(
        ServiceCalendar, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    law = models.ForeignKey(Law, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # when it was promised; at night `started_at` is the next opening. Empty on clocks of old
    given_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    within = models.DurationField()
    half_at = models.DateTimeField()
    most_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalate_within = models.DurationField(default=timedelta(hours=24))
    paused_at = models.DateTimeField(null=True)
    paused_for = models.DurationField(default=timedelta(0))
    # after a pause's own limit the clock runs on, whatever the case waits for
    has_used_pause = models.BooleanField(default=False)
    met_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    # when a changed policy, calendar or case last moved it: it cannot have been broken before
    changed_at = models.DateTimeField(null=True)
    act_at = models.DateTimeField(null=True)
    warned_share = models.PositiveSmallIntegerField(default=0)
    escalation_level = models.PositiveSmallIntegerField(default=0)

    @property
    def of_case(self) -> int:
        """The case that the promise belongs to."""
        return self.subject_id if self.case_id is None else self.case_id

    class Meta:
        db_table = "sla_clock"
        indexes: ClassVar = [
            models.Index(fields=["act_at"], condition=models.Q(act_at__isnull=False), name="sla_clock_due"),
            models.Index(fields=["subject_id", "subject_kind"], name="sla_clock_of_subject"),
            models.Index(
                fields=["case_id"], condition=models.Q(case_id__isnull=False), name="sla_clock_beside"
            ),
            models.Index(
                fields=["carried_from_id"],
                condition=models.Q(carried_from_id__isnull=False),
                name="sla_clock_carried",
            ),
        ]
        constraints: ClassVar = [
            # a subject runs one clock of a kind at a time
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"],
                condition=models.Q(met_at__isnull=True, stopped_at__isnull=True),
                name="sla_clock_once",
            ),
        ]


class SlaPause(models.Model):
    """One wait of one promise, provable: since when, for whom, why, by which line, until when.

    `limit_at` is when it would be cut off. `ended_why`: MOVED on, ANSWERED by whom it waited for, cut off at
    its LIMIT, or ENDED with its promise.
    """

    clock = models.ForeignKey(SlaClock, on_delete=models.CASCADE, related_name="pauses")
    status = models.TextField()
    reason = models.TextField(default="")
    entry_id = models.BigIntegerField(null=True)
    from_at = models.DateTimeField()
    limit_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    ended_why = models.TextField(default="")

    class Meta:
        db_table = "sla_pause"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(until_at__isnull=True), name="sla_pause_once"
            ),
        ]


class Recompute(models.Model):
    """Running promises that are to be reckoned anew after a change, a batch of cases at a time."""

    why = models.TextField()
    data = models.JSONField(default=dict)
    # only cases of this outlet; empty = all
    outlet_id = models.BigIntegerField(null=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    last_case_id = models.BigIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sla_recompute"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="sla_recompute_due"
            )
        ]
