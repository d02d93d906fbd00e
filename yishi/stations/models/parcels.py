"""Parcels in the keeping of a station, and through whose hands each has gone there."""

from typing import ClassVar

from django.db import models

from yishi.consignees.models import Contact
from yishi.kit.personal import EncryptedText
from yishi.network.models import Station
from yishi.shipments.models.parcels import Shipment
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.places import Shelf

MIRROR = "mirror"
"""Who booked in what the scans of a brand's own system told of."""
_INSIDE = models.Q(state="INSIDE")


class StationParcel(models.Model):
    """One stay of a parcel at a station. The code is unique among those now inside, and used again later.

    `phone_hash` and `tail_hash` are of the phone by which it is fetched; `device_offset_ms` is how much the
    scanner's clock was ahead of ours; `client_id` knows a scan again that was sent twice.
    """

    class State(models.TextChoices):
        INSIDE = "INSIDE"
        HANDED_OUT = "HANDED_OUT"
        RETURNED = "RETURNED"
        MOVED = "MOVED"
        LOST = "LOST"
        UNDONE = "UNDONE"

    class Condition(models.TextChoices):
        INTACT = "INTACT"
        DAMAGED = "DAMAGED"

    class Collect(models.TextChoices):
        SELF = "SELF"
        PROXY = "PROXY"
        DOOR = "DOOR"
        NOT_WANTED = "NOT_WANTED"

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="parcels")
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="stays")
    state = models.TextField(choices=State.choices, default=State.INSIDE.value)
    condition = models.TextField(choices=Condition.choices, default=Condition.INTACT.value)
    shelf = models.ForeignKey(Shelf, null=True, on_delete=models.PROTECT, related_name="parcels")
    layer = models.PositiveSmallIntegerField(default=0)
    size = models.TextField(default="")
    code = EncryptedText(default="")
    code_hash = models.BinaryField(max_length=16, null=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    phone_hash = models.BinaryField(max_length=16, null=True)
    tail_hash = models.BinaryField(max_length=16, null=True)
    collect = models.TextField(choices=Collect.choices, default=Collect.SELF.value)
    keep_until = models.DateTimeField()
    booked_in_at = models.DateTimeField()
    booked_in_by = models.TextField()
    device_at = models.DateTimeField(null=True)
    device_offset_ms = models.BigIntegerField(null=True)
    client_id = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)
    hand_out = models.ForeignKey(HandOut, null=True, on_delete=models.SET_NULL, related_name="parcels")

    class Meta:
        db_table = "stations_parcel"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "code_hash"], condition=_INSIDE, name="stations_parcel_code_once"
            ),
            models.UniqueConstraint(fields=["shipment"], condition=_INSIDE, name="stations_parcel_one_stay"),
            models.UniqueConstraint(
                fields=["station", "client_id"],
                condition=~models.Q(client_id=""),
                name="stations_parcel_sent_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state="INSIDE", ended_at__isnull=True)
                | (~models.Q(state="INSIDE") & models.Q(ended_at__isnull=False)),
                name="stations_parcel_ended",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["station", "shelf", "layer"], condition=_INSIDE, name="stations_inside"),
            models.Index(fields=["station", "phone_hash"], condition=_INSIDE, name="stations_inside_phone"),
            models.Index(fields=["station", "tail_hash"], condition=_INSIDE, name="stations_inside_tail"),
            models.Index(fields=["station", "keep_until"], condition=_INSIDE, name="stations_inside_until"),
            # what became of a code that opens nothing any more
            models.Index(fields=["station", "code_hash", "ended_at"], name="stations_parcel_code"),
            models.Index(fields=["station", "booked_in_at"], name="stations_parcel_in"),
        ]


class StationMove(models.Model):
    """One step of a stay, never changed: who had it in hand, when, from where to where."""

    class Kind(models.TextChoices):
        BOOKED_IN = "BOOKED_IN"
        UNDONE = "UNDONE"
        SHELVED = "SHELVED"
        EXTENDED = "EXTENDED"
        CHOSEN = "CHOSEN"
        SENT_AGAIN = "SENT_AGAIN"
        REMINDED = "REMINDED"
        CALLED = "CALLED"
        HANDED_OUT = "HANDED_OUT"
        RETURNED = "RETURNED"
        MOVED = "MOVED"
        LOST = "LOST"
        PHONE_SET = "PHONE_SET"

    parcel = models.ForeignKey(StationParcel, on_delete=models.CASCADE, related_name="moves")
    kind = models.TextField(choices=Kind.choices)
    at = models.DateTimeField()
    moved_by = models.TextField()
    from_place = models.TextField(default="")
    to_place = models.TextField(default="")
    note = models.TextField(default="")

    class Meta:
        db_table = "stations_move"
        indexes: ClassVar = [models.Index(fields=["parcel", "at"], name="stations_move_story")]


class PickupProxy(models.Model):
    """Somebody whom the person lets fetch a parcel: his link opens the code until it is taken back."""

    parcel = models.ForeignKey(StationParcel, on_delete=models.CASCADE, related_name="proxies")
    proxy_name = EncryptedText(default="")
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stations_proxy"
