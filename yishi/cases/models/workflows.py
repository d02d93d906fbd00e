"""Workflows as data: the steps of a version in one value, as `rules.workflows` reads them."""

from typing import ClassVar

from django.db import models

from yishi.cases.models.types import Versioned


class WorkflowVersion(Versioned):
    start = models.TextField()
    steps = models.JSONField()

    class Meta:
        db_table = "cases_workflow"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="cases_workflow_version"),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(is_latest=True), name="cases_workflow_latest"
            ),
        ]
