"""Parcels that somebody asked us to stop: who must act now, until when, and how it came out."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yishi.cases.models.case import Case
from yishi.cases.models.tasks import Task
from yishi.kit.personal import EncryptedText
from yishi.network.models import Outlet
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.stops import ParcelStop

User = settings.AUTH_USER_MODEL


class InterceptionState(models.TextChoices):
    RUNNING = "RUNNING", _("正在拦")
    STOPPED = "STOPPED", _("拦住了")
    TOO_LATE = "TOO_LATE", _("来不及了")
    REFUSED = "REFUSED", _("不能拦")
    MISSED = "MISSED", _("没拦住")
    WITHDRAWN = "WITHDRAWN", _("不用拦了")


class InterceptionAsk(models.TextChoices):
    RETURN = "RETURN", _("退回寄件人")
    NEW_ADDRESS = "NEW_ADDRESS", _("改送别处")
    HOLD = "HOLD", _("先留住")


class Interception(models.Model):
    """One attempt to stop a parcel. `until` is the latest moment for whoever holds it now; an empty `outlet`
    is head office. `stop` holds the scanners back until `freed_at`, also after it was stopped.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="interceptions")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="+", db_index=False)
    stop = models.ForeignKey(ParcelStop, null=True, on_delete=models.SET_NULL, related_name="+")
    asked = models.TextField(choices=InterceptionAsk.choices)
    address = EncryptedText(default="")
    state = models.TextField(choices=InterceptionState.choices, default=InterceptionState.RUNNING)
    why = models.TextField(default="")
    holder = models.TextField()
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    courier = models.TextField(default="")
    until = models.DateTimeField(null=True)
    task = models.ForeignKey(Task, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    asked_at = models.DateTimeField(db_index=True)
    carried_on_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    freed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_interception"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state=InterceptionState.RUNNING.value),
                name="cases_interception_once",
            )
        ]
        indexes: ClassVar = [
            # a parcel that moved is looked up here: only those that are held back
            models.Index(
                fields=["shipment"],
                condition=models.Q(freed_at__isnull=True),
                name="cases_interception_of_parcel",
            )
        ]
