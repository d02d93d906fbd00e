"""Who beside the outlet that has a case may see it: outlets that work on it too, and one that is asked to
take it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.network.models import Outlet


class Part(models.TextChoices):
    JOINED = "JOINED", _("协同")
    OFFERED = "OFFERED", _("等它接收")


class CaseParty(models.Model):
    """An outlet's part in a case that another one leads. The lead is `Case.outlet`; it has no row here.

    A row with `until` opens nothing any more: it tells who took part and why.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties", db_index=False)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="+", db_index=False)
    part = models.TextField(choices=Part.choices)
    why = models.TextField(default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_party"
        constraints: ClassVar = [
            # also the way from a case to who may see it
            models.UniqueConstraint(
                fields=["case", "outlet", "part"],
                condition=models.Q(until__isnull=True),
                name="cases_party_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["outlet", "part", "case"],
                condition=models.Q(until__isnull=True),
                name="cases_party_of_outlet",
            ),
        ]
