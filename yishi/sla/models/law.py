"""What the law says about time, and what is only configured because the law could not be read."""

from typing import ClassVar

from django.db import models


class Law(models.Model):
    """One limit with its year, article, source and validity. An empty province is the whole country.

    Where `is_law` is false the limit is configuration (not verified, or sources that differ): it is never
    shown as law, and the operator chooses one of a key (`is_chosen`).
    """

    key = models.TextField()
    title = models.TextField(default="")
    year = models.TextField(default="")
    article = models.TextField(default="")
    source = models.TextField()
    text = models.TextField()
    note = models.TextField(default="")
    province = models.TextField(default="")
    # empty where the limit is no length of days
    within = models.DurationField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    is_law = models.BooleanField()
    is_chosen = models.BooleanField(default=True)

    class Meta:
        db_table = "sla_law"
        constraints: ClassVar = [
            # law is cited with its year, or it is not law
            models.CheckConstraint(
                condition=models.Q(is_law=False) | ~models.Q(year=""), name="sla_law_has_a_year"
            ),
        ]
