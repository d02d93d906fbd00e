"""Case types and workflows as data: every version stays, the newest of a key counts."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Versioned(models.Model):
    """One version of something that people set: who made it, when, and why. The newest is `is_latest`."""

    key = models.TextField()
    version = models.PositiveIntegerField()
    is_latest = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    name = models.TextField()
    name_en = models.TextField(default="")
    # shipped rows were made by nobody
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    why = models.TextField(default="")

    class Meta:
        abstract = True


class CaseType(Versioned):
    """A version of a case type, as `rules.types.TypeTerms` reads it; `position` orders the tree."""

    parent_key = models.TextField(default="")
    position = models.PositiveSmallIntegerField(default=0)
    category = models.TextField(default="")
    regulator_group = models.TextField(default="")
    regulator_item = models.TextField(default="")
    fields = models.JSONField(default=list)
    role = models.TextField(default="")
    evidence = models.JSONField(default=list)
    workflow_key = models.TextField(default="")
    compensation_key = models.TextField(default="")
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    regions = models.JSONField(default=list)

    class Meta:
        db_table = "cases_type"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="cases_type_version"),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(is_latest=True), name="cases_type_latest"
            ),
        ]


class TypesSetup(models.Model):
    """One row whose version changes with every type and workflow (a trigger): caches go by it."""

    version = models.BigIntegerField()

    class Meta:
        db_table = "cases_types_setup"
