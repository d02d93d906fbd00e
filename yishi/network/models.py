"""The operator's network: brands, places, people of the road, and the codes that each brand gives them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yishi.kit.personal import EncryptedText
from yishi.people.models import User


class Carrier(models.Model):
    """A brand (快递公司)."""

    code = models.TextField(unique=True)
    name = models.TextField()
    hotline = models.TextField(default="")

    class Meta:
        db_table = "network_carrier"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(code=""), name="network_carrier_coded")]


class Region(models.Model):
    code = models.TextField(unique=True)
    name = models.TextField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        db_table = "network_region"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code=""), name="network_region_coded"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="network_region_not_own_parent"
            ),
        ]


class Outlet(models.Model):
    """A place that can put a complaint right (网点). Head office is no row: there the outlet is NULL."""

    code = models.TextField(unique=True)
    name = models.TextField()
    phone = models.TextField(default="")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="outlets")
    province = models.TextField(default="")
    city = models.TextField(default="")
    district = models.TextField(default="")
    address = models.TextField(default="")
    is_active = models.BooleanField(default=True)
    # scans are made on our page: there is no device of a brand
    is_full_mode = models.BooleanField(db_default=False, default=False)

    class Meta:
        db_table = "network_outlet"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(code=""), name="network_outlet_coded")]


class OutletCode(models.Model):
    """What one brand calls an outlet; an outlet that serves three brands has three."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="codes")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()

    class Meta:
        db_table = "network_outlet_code"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["carrier", "code"], name="network_outlet_code_once"),
            models.CheckConstraint(condition=~Q(code=""), name="network_outlet_code_coded"),
        ]


class ContractArea(models.Model):
    """Part of an outlet's ground that one contractor runs (承包区)."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="contract_areas")
    code = models.TextField()
    name = models.TextField()

    class Meta:
        db_table = "network_contract_area"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outlet", "code"], name="network_contract_area_once"),
            models.CheckConstraint(condition=~Q(code=""), name="network_contract_area_coded"),
        ]


class Courier(models.Model):
    """A courier of an outlet; `user` when he signs in himself."""

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="couriers")
    contract_area = models.ForeignKey(
        ContractArea, null=True, on_delete=models.SET_NULL, related_name="couriers"
    )
    user = models.OneToOneField(User, null=True, on_delete=models.SET_NULL, related_name="courier")
    name = EncryptedText()
    phone = EncryptedText()
    phone_hash = models.BinaryField(max_length=16, db_index=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "network_courier"


class CourierNumber(models.Model):
    """What one brand calls a courier."""

    courier = models.ForeignKey(Courier, on_delete=models.CASCADE, related_name="numbers")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    number = models.TextField()

    class Meta:
        db_table = "network_courier_number"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["carrier", "number"], name="network_courier_number_once"),
            models.CheckConstraint(condition=~Q(number=""), name="network_courier_number_given"),
        ]


class Station(models.Model):
    """Where parcels wait for their people: an own station (驿站) or an agent's shop (代收点)."""

    class Kind(models.TextChoices):
        STATION = "STATION"
        AGENT = "AGENT"

    code = models.TextField(unique=True)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="stations")
    kind = models.TextField(default=Kind.STATION.value)
    name = models.TextField()
    address = models.TextField(default="")
    phone = models.TextField(default="")
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)

    class Meta:
        db_table = "network_station"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code=""), name="network_station_coded"),
            models.CheckConstraint(condition=Q(kind__in=["STATION", "AGENT"]), name="network_station_kind"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False),
                name="network_station_hours",
            ),
        ]


class Locker(models.Model):
    code = models.TextField(unique=True)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="lockers")
    name = models.TextField()
    address = models.TextField(default="")

    class Meta:
        db_table = "network_locker"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(code=""), name="network_locker_coded")]


class Merchant(models.Model):
    """A corporate shipper, with the person to speak to; `outlet` is the one that serves it.

    `agent` is the one person of ours whom it asks first; until `cut_off` what is handed over goes out today.
    `link_hash` finds it by its private page.
    """

    code = models.TextField(unique=True)
    name = models.TextField()
    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.SET_NULL, related_name="merchants")
    contact_name = EncryptedText(default="")
    contact_phone = EncryptedText(default="")
    contact_email = EncryptedText(default="")
    agent = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    cut_off = models.TimeField(null=True)
    link_hash = models.BinaryField(max_length=32, null=True, unique=True)

    class Meta:
        db_table = "network_merchant"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(code=""), name="network_merchant_coded")]


class ServiceArea(models.Model):
    """Addresses that an outlet serves: a city, perhaps a district of it, perhaps a word of the street."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="service_areas")
    city = models.TextField()
    district = models.TextField(default="")
    keyword = models.TextField(default="")
    priority = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "network_service_area"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outlet", "city", "district", "keyword"], name="network_service_area_once"
            ),
            models.CheckConstraint(condition=~Q(city=""), name="network_service_area_city"),
        ]
        indexes: ClassVar = [models.Index(fields=["city"], name="network_service_area_by_city")]


class DutyShift(models.Model):
    """Who answers for an outlet, on a weekday (0 = Monday) or on one date.

    `ends` before `starts` is the next morning.
    """

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="duty_shifts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(null=True)
    date = models.DateField(null=True)
    starts = models.TimeField()
    ends = models.TimeField()
    is_fallback = models.BooleanField(default=False)

    class Meta:
        db_table = "network_duty_shift"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=True, date__isnull=False)
                | Q(weekday__isnull=False, date__isnull=True, weekday__lte=6),
                name="network_duty_shift_day",
            ),
            models.CheckConstraint(condition=~Q(starts=F("ends")), name="network_duty_shift_length"),
        ]
