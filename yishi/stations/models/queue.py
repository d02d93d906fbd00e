"""The line at a station's counter: its tickets, how it is run, and the machines that show it."""

from typing import ClassVar

from django.db import models

from yishi.network.models import Station
from yishi.stations.models.parcels import StationParcel


class StationQueue(models.Model):
    """How a station's line is run. `last_no` is the newest number of `day`; `factors` = {"2026-11-11": 1.8}.

    At the peak (`peak_since`) notices go in waves of `wave_size` every ten minutes.
    """

    station = models.OneToOneField(Station, primary_key=True, on_delete=models.CASCADE, related_name="queue")
    day = models.DateField(null=True)
    last_no = models.PositiveIntegerField(default=0)
    counters = models.PositiveSmallIntegerField(default=1)
    target_percent = models.PositiveSmallIntegerField(default=80)
    target_s = models.PositiveIntegerField(default=180)
    factors = models.JSONField(default=dict)
    peak_since = models.DateTimeField(null=True)
    peak_by = models.TextField(default="")
    wave_size = models.PositiveIntegerField(default=60)
    wave_at = models.DateTimeField(null=True)
    wave_sent = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.TextField(default="")

    class Meta:
        db_table = "stations_queue"


class QueueTicket(models.Model):
    """A place in the line of one day. `reason` is our mistake for which it goes first; `tail` the last
    two digits of the phone, where it is known. Nothing in it names anybody."""

    class State(models.TextChoices):
        WAITING = "WAITING"
        CALLED = "CALLED"
        SERVED = "SERVED"
        GONE = "GONE"

    class DrawnBy(models.TextChoices):
        KIOSK = "KIOSK"
        LINK = "LINK"
        KEEPER = "KEEPER"

    class Reason(models.TextChoices):
        PARCEL_NOT_FOUND = "PARCEL_NOT_FOUND"
        PICKUP_CODE = "PICKUP_CODE"
        TAKEN_BY_OTHER = "TAKEN_BY_OTHER"

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="tickets")
    day = models.DateField()
    number = models.PositiveIntegerField()
    drawn_by = models.TextField(choices=DrawnBy.choices)
    state = models.TextField(choices=State.choices, default=State.WAITING.value)
    reason = models.TextField(choices=Reason.choices, default="")
    wants_help = models.BooleanField(default=False)
    parcel = models.ForeignKey(StationParcel, null=True, on_delete=models.SET_NULL, related_name="tickets")
    tail = models.TextField(default="")
    counter = models.PositiveSmallIntegerField(default=0)
    calls = models.PositiveSmallIntegerField(default=0)
    drawn_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    client_id = models.TextField(default="")

    class Meta:
        db_table = "stations_ticket"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "day", "number"], name="stations_ticket_number"),
            models.UniqueConstraint(
                fields=["station", "client_id"],
                condition=~models.Q(client_id=""),
                name="stations_ticket_drawn_once",
            ),
            # one person at a counter
            models.UniqueConstraint(
                fields=["station", "day", "counter"],
                condition=models.Q(state="CALLED"),
                name="stations_ticket_at_counter",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["station", "drawn_at"], name="stations_ticket_drawn"),
            models.Index(fields=["station", "called_at"], name="stations_ticket_called"),
        ]


class FloorLink(models.Model):
    """A link that opens a machine of one station without an account: the kiosk, the wall screen, or the
    ticket by QR code. It opens nothing any more once it is taken back."""

    class Kind(models.TextChoices):
        KIOSK = "KIOSK"
        SCREEN = "SCREEN"
        LINE = "LINE"

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="floor_links")
    kind = models.TextField(choices=Kind.choices)
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stations_floor_link"


class StationMorning(models.Model):
    """What was on the way to the station's outlet when the station opened: kept as it was known then, so
    that a forecast is checked by nothing else."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="mornings")
    day = models.DateField()
    on_way = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "stations_morning"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "day"], name="stations_morning_once")
        ]
