"""People who get and send parcels: how to reach them, what they wish, and the codes that prove a phone."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yishi.consignees.rules import PREFERENCE_KINDS
from yishi.kit.personal import EncryptedText


class Contact(models.Model):
    """One reachable person, as sealed values and the keyed hashes that find them again.

    `identity` is what makes two mentions the same contact: the phone; a virtual number; a phone's tail with
    a name; an e-mail. What a stranger claims together (phone and e-mail) is an identity of its own, so that
    nobody can attach an address to another person's phone.
    """

    identity = models.BinaryField(max_length=16, unique=True)
    phone = EncryptedText(default="")
    phone_hash = models.BinaryField(max_length=16, null=True)
    phone_tail_hash = models.BinaryField(max_length=16, null=True)
    name = EncryptedText(default="")
    name_hash = models.BinaryField(max_length=16, null=True)
    email = EncryptedText(default="")
    email_hash = models.BinaryField(max_length=16, null=True)
    virtual_number = EncryptedText(default="")
    virtual_extension = EncryptedText(default="")
    virtual_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "consignees_contact"
        indexes: ClassVar = [
            models.Index(
                fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"consignees_contact_{short}"
            )
            for name, short in (
                ("phone_hash", "phone"),
                ("phone_tail_hash", "tail"),
                ("name_hash", "name"),
                ("email_hash", "email"),
            )
        ]


class DeliveryPreference(models.Model):
    """One wish of a consignee, with where it came from and from when until when it counts.

    It stands while `ended_at` is empty; afterwards it is history, with the reason (`rules.Why`) and, where
    another wish won, which. `ref` is what it was learned from (a case's number).
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="preferences")
    kind = models.TextField()
    value = models.TextField(default="")
    address = EncryptedText(default="")
    source = models.TextField()
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    noted_at = models.DateTimeField()
    noted_by = models.TextField(db_default="", default="")
    ref = models.TextField(db_default="", default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(db_default="", default="")
    ended_why = models.TextField(db_default="", default="")
    yields_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "consignees_delivery_preference"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=sorted(PREFERENCE_KINDS)),
                name="consignees_preference_kind",
            ),
        ]


class WishProposal(models.Model):
    """A wish that a complaint let us guess: the person is asked; it counts for nothing until he says yes."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="wish_proposals")
    kind = models.TextField()
    ref = models.TextField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    is_wanted = models.BooleanField(null=True)

    class Meta:
        db_table = "consignees_wish_proposal"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "kind"],
                condition=Q(answered_at__isnull=True),
                name="consignees_proposal_once",
            )
        ]


class Consent(models.Model):
    """The ledger of who allowed what to be left where: never rewritten, a withdrawal adds its own moment.

    Without `waybill_no` it is standing. `channel` is how he said it, `wording` what he was shown or told.
    """

    class Placement(models.TextChoices):
        LOCKER = "LOCKER", _("快递柜")
        STATION = "STATION", _("驿站")
        GUARD = "GUARD", _("门卫")
        NEIGHBOUR = "NEIGHBOUR", _("邻居")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    placement = models.TextField(choices=Placement.choices)
    waybill_no = models.TextField(default="")
    address = EncryptedText(default="")
    channel = models.TextField()
    wording = models.TextField()
    given_at = models.DateTimeField()
    given_by = models.TextField()
    valid_until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(default="")
    withdrawn_how = models.TextField(default="")

    class Meta:
        db_table = "consignees_consent"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(placement__in=("LOCKER", "STATION", "GUARD", "NEIGHBOUR")),
                name="consignees_consent_placement",
            )
        ]


class NoticeChoice(models.Model):
    """How a person wants to be told: by which channel, and when not.

    `about` is one case (`case:7`), or '' for everything about this contact, which only a proven phone may
    choose: nobody silences another person's telephone. Equal hours mean that no hour is quiet.
    """

    class Channel(models.TextChoices):
        SMS = "SMS", _("短信")
        EMAIL = "EMAIL", _("邮件")
        NONE = "NONE", _("不用通知")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="notice_choices")
    about = models.TextField(default="")
    channel = models.TextField(choices=Channel.choices)
    email = EncryptedText(default="")
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()
    chosen_at = models.DateTimeField()

    class Meta:
        db_table = "consignees_notice_choice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact", "about"], name="consignees_choice_once")
        ]


class BackupContact(models.Model):
    """Whom a person named to be told when he himself cannot be reached; he said yes by a code that was sent
    to his own telephone."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="backup")
    called = EncryptedText(db_default=b"", default="")
    phone = EncryptedText()
    named_at = models.DateTimeField()
    named_by = models.TextField()

    class Meta:
        db_table = "consignees_backup_contact"


class Code(models.Model):
    """A one-time code sent to a phone; only its hash is kept, and it says nothing of who is known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    phone = EncryptedText()
    phone_hash = models.BinaryField(max_length=16)
    code_hash = models.BinaryField(max_length=16)
    purpose = models.TextField(default="PROVE_PHONE")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "consignees_code"
        indexes: ClassVar = [models.Index(fields=["phone_hash", "created_at"], name="consignees_code_phone")]
