"""Staff: people who sign in, how far each one's sight reaches, keys of programs, and who signed in when."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from yishi.kit.personal import EncryptedText
from yishi.people.rules import KEY_ROLES, USER_ROLES, ScopeKind


class User(AbstractBaseUser):
    """One person of the operator. Sign-ins are rows of SignIn, so there is no `last_login`."""

    username = models.TextField(unique=True)
    name = EncryptedText(default="")
    email = EncryptedText(default="")
    phone = EncryptedText(default="")
    role = models.TextField()
    is_active = models.BooleanField(default=True)
    # used by several people of one outlet: it looks, and acts only as one of them (PIN)
    is_shared = models.BooleanField(db_default=False, default=False)
    language = models.TextField(default="zh-hans")
    created_at = models.DateTimeField()
    pin_hash = models.TextField(default="")
    pin_misses = models.PositiveSmallIntegerField(default=0)
    otp_secret = EncryptedText(default="")
    otp_confirmed_at = models.DateTimeField(null=True)
    otp_last_step = models.BigIntegerField(default=0)

    last_login = None
    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    class Meta:
        db_table = "people_user"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(r.value for r in USER_ROLES)), name="people_user_role"
            ),
            models.CheckConstraint(condition=~Q(username=""), name="people_user_named"),
        ]

    @property
    def has_second_factor(self) -> bool:
        return self.otp_confirmed_at is not None


class Membership(models.Model):
    """How far a person's sight reaches: the whole operator, a region, an outlet or a station, by its code."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    scope_kind = models.TextField()
    scope_code = models.TextField(default="")

    class Meta:
        db_table = "people_membership"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "scope_kind", "scope_code"], name="people_membership_once"
            ),
            models.CheckConstraint(
                condition=Q(scope_kind__in=sorted(k.value for k in ScopeKind)), name="people_membership_kind"
            ),
            models.CheckConstraint(
                condition=Q(scope_kind="OPERATOR", scope_code="")
                | (~Q(scope_kind="OPERATOR") & ~Q(scope_code="")),
                name="people_membership_place",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["scope_kind", "scope_code"], name="people_membership_scope")
        ]


class ScopeOutlet(models.Model):
    """Which outlets a region or a station means; the network tells it, people never look downstream."""

    scope_kind = models.TextField()
    scope_code = models.TextField()
    outlet_code = models.TextField()

    class Meta:
        db_table = "people_scope_outlet"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scope_kind", "scope_code", "outlet_code"], name="people_scope_outlet_once"
            ),
        ]


class ApiKey(models.Model):
    """A key of a program; only its hash is kept. Without an outlet it sees the whole operator."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    name = models.TextField(default="")
    role = models.TextField()
    outlet_code = models.TextField(default="")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_date = models.DateField(null=True)

    class Meta:
        db_table = "people_api_key"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(r.value for r in KEY_ROLES)), name="people_api_key_role"
            ),
        ]


class SignIn(models.Model):
    """One try to sign in or to switch person; names and addresses only as keyed hashes."""

    username_hash = models.BinaryField(max_length=16)
    address_hash = models.BinaryField(max_length=16)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "people_sign_in"
        indexes: ClassVar = [
            models.Index(fields=["username_hash", "address_hash", "at"], name="people_sign_in_lock"),
            models.Index(fields=["at"], name="people_sign_in_at"),  # for retention
        ]
