"""Verbs of the staff's room: accounts, keys, signing in, handing a machine over, the second factor.

A wrong try must count although it is refused, so signing in, PINs and passwords are tried in a transaction
of their own (`durable`); the edges call them outside of any other.
"""

import base64
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import quote

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.ids import new_key, token_hash
from yishi.kit.personal import keyed_hash
from yishi.people.facts import KeyAdded, KeyRevoked, UserAdded, UserDeactivated
from yishi.people.models import ApiKey, Membership, ScopeOutlet, SignIn, User
from yishi.people.queries import outlets_of_scopes, require, viewer_of_user
from yishi.people.rules import (
    BOUND_ROLES,
    KEY_NEEDS_OUTLET,
    KEY_ROLES,
    LOCKED_WITHIN,
    MAX_MISSES,
    Permission,
    Role,
    Viewer,
    is_good_pin,
    locked_for,
    matching_step,
    may_share_machine,
    normalise_username,
)

OK, MISS, NEEDS_CODE, BAD_CODE = "OK", "MISS", "NEEDS_CODE", "BAD_CODE"
_MISSES = (MISS, BAD_CODE)


class BadSignIn(Refusal):
    """用户名或密码不对"""

    code = "bad_sign_in"
    status = 401


class SecondFactorNeeded(Refusal):
    """还要输入动态验证码"""

    code = "second_factor_needed"
    status = 401


class BadSecondFactor(Refusal):
    """动态验证码不对，等下一个再试"""

    code = "bad_second_factor"
    status = 401


class SignInLocked(Refusal):
    """试错太多次，请过几分钟再登录"""

    code = "sign_in_locked"
    status = 429

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


class WrongPin(Refusal):
    """PIN 不对，或不能在这台电脑上切换到这位同事"""

    code = "wrong_pin"
    status = 403


class PinLocked(Refusal):
    """PIN 已锁定，请用密码登录"""

    code = "pin_locked"
    status = 423


class UsernameTaken(Refusal):
    """这个用户名已经有人用了"""

    code = "username_taken"
    status = 409


@transaction.atomic
def add_user(
    *,
    username: str,
    name: str,
    password: str,
    role: str,
    outlet_codes: Sequence[str] = (),
    region_codes: Sequence[str] = (),
    station_codes: Sequence[str] = (),
    email: str = "",
    phone: str = "",
    pin: str = "",
    language: str = "zh-hans",
    is_shared: bool = False,
    by: Viewer,
    at: datetime,
) -> User:
    """Makes an account. Without any place it sees the whole operator, which roles of one place never do.
    A shared one (of several people at one desk) looks, and acts only as one of them by his PIN.

    Nobody gives a role or a sight beyond his own. Raises NotAllowed, UsernameTaken or Invalid.
    """
    require(by, Permission.USERS_MANAGE)
    scopes = [("OUTLET", c) for c in outlet_codes] + [("REGION", c) for c in region_codes]
    scopes += [("STATION", c) for c in station_codes]
    username = normalise_username(username)
    user = User(username=username, name=name.strip(), role=role, email=email.strip(), phone=phone.strip())
    user.is_shared = is_shared
    _check_user(user, scopes, password, pin)
    scopes = scopes or [("OPERATOR", "")]
    if not by.may_give(Role(role)) or not by.covers(outlets_of_scopes(scopes)):
        raise NotAllowed()
    if User.objects.filter(username=username).exists():
        raise UsernameTaken()
    user.password, user.pin_hash = make_password(password), make_password(pin) if pin else ""
    user.language, user.created_at = language, at
    user.save(force_insert=True)
    Membership.objects.bulk_create(
        Membership(user=user, scope_kind=kind, scope_code=code) for kind, code in dict.fromkeys(scopes)
    )
    announce(UserAdded(user_id=user.pk, by=by.label, at=at))
    return user


def _check_user(user: User, scopes: Sequence[tuple[str, str]], password: str, pin: str) -> None:
    errors = []
    if not 1 <= len(user.username) <= 150:
        errors.append(("/username", "missing_field", "给一个用户名，最多 150 字"))
    if user.role not in set(Role) - {Role.INTEGRATOR, Role.SYSTEM}:
        errors.append(("/role", "unknown_role", "没有这个岗位"))
    elif user.role in BOUND_ROLES and not scopes:
        errors.append(("/outlets", "missing_field", "这个岗位要写明网点"))
    if user.is_shared and (pin or user.role != Role.AGENT or not scopes):
        errors.append(("/shared", "not_shared", "共用账号是一个网点的客服账号，没有自己的 PIN"))
    if pin and not is_good_pin(pin):
        errors.append(("/pin", "bad_pin", "PIN 是 4–8 位数字，不能全部相同"))
    try:
        validate_password(password, user)
    except ValidationError as error:
        errors.append(("/password", "weak_password", " ".join(error.messages)))
    if errors:
        raise Invalid(errors)


@transaction.atomic
def deactivate_user(*, user_id: int, by: Viewer, at: datetime) -> None:
    """The person can no longer sign in; open sessions end with their next request."""
    require(by, Permission.USERS_MANAGE)
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None or not by.covers(viewer_of_user(user).outlet_codes):
        raise NotFound()
    if not by.may_give(Role(user.role)):
        raise NotAllowed()
    User.objects.filter(pk=user_id).update(is_active=False)
    announce(UserDeactivated(user_id=user_id, by=by.label, at=at))


@transaction.atomic
def cover_scope(*, scope_kind: str, scope_code: str, outlet_codes: Sequence[str]) -> None:
    """The network tells which outlets a region or a station means; replaces what was said before."""
    known = ScopeOutlet.objects.filter(scope_kind=scope_kind, scope_code=scope_code)
    known.exclude(outlet_code__in=outlet_codes).delete()
    rows = [ScopeOutlet(scope_kind=scope_kind, scope_code=scope_code, outlet_code=c) for c in outlet_codes]
    ScopeOutlet.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def add_key(*, role: str, outlet_code: str = "", name: str = "", by: Viewer, at: datetime) -> str:
    """Makes an API key and returns it; shown once, only its hash is kept. Raises NotAllowed, Invalid."""
    require(by, Permission.KEYS_MANAGE)
    if role not in KEY_ROLES:
        raise Invalid([("/role", "unknown_role", "没有这个岗位")])
    if role in KEY_NEEDS_OUTLET and not outlet_code:
        raise Invalid([("/outlet", "missing_field", "这个岗位的密钥要写明网点")])
    if not by.covers(frozenset({outlet_code}) if outlet_code else None):
        raise NotAllowed()
    token = new_key()
    key = ApiKey.objects.create(
        token_hash=token_hash(token), role=role, outlet_code=outlet_code, name=name, created_at=at
    )
    announce(KeyAdded(key_id=key.pk, by=by.label, at=at))
    return token


@transaction.atomic
def revoke_key(*, key_id: int, by: Viewer, at: datetime) -> None:
    """The key opens nothing from now on; revoking it again changes nothing. Raises NotFound, also for one
    that sees more than whoever revokes it."""
    require(by, Permission.KEYS_MANAGE)
    key = ApiKey.objects.filter(pk=key_id).first()
    if key is None or not by.covers(frozenset({key.outlet_code}) if key.outlet_code else None):
        raise NotFound()
    if ApiKey.objects.filter(pk=key_id, revoked_at__isnull=True).update(revoked_at=at):
        announce(KeyRevoked(key_id=key_id, by=by.label, at=at))


def note_key_use(*, key_id: int, at: datetime) -> None:
    """Remembers the day on which a key was last used; writes once a day."""
    day = at.date()
    ApiKey.objects.filter(pk=key_id).exclude(last_used_date=day).update(last_used_date=day)


def sign_in(*, username: str, password: str, otp: str | None = None, address: str = "", at: datetime) -> User:
    """The person whose name and password these are; the caller opens the session (Django's `login`).

    Raises BadSignIn (the same for an unknown name), SecondFactorNeeded, BadSecondFactor, or SignInLocked
    after 5 wrong tries of this name from this address within 5 min.
    """
    user = User.objects.filter(username=normalise_username(username), is_active=True).first()
    outcome = _counted(username, address, user, at, lambda: _try(user, password, otp, at))
    if outcome != OK or user is None:
        raise {MISS: BadSignIn, NEEDS_CODE: SecondFactorNeeded, BAD_CODE: BadSecondFactor}[outcome]
    return user


def _try(user: User | None, password: str, otp: str | None, at: datetime) -> str:
    if user is None:
        make_password(password)  # takes as long as a known name, so that time tells nothing
        return MISS
    if not check_password(password, user.password):
        return MISS
    if user.has_second_factor and not otp:
        return NEEDS_CODE
    if user.has_second_factor and not _accept_code(user, otp or "", at):
        return BAD_CODE
    User.objects.filter(pk=user.pk).exclude(pin_misses=0).update(pin_misses=0)
    return OK


@transaction.atomic(durable=True)
def _counted(username: str, address: str, user: User | None, at: datetime, attempt: Callable[[], str]) -> str:
    """Runs one try and writes its outcome down, one at a time for a name from an address."""
    name = keyed_hash("username", normalise_username(username))
    place = keyed_hash("address", address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(name[:8], signed=True)])
    tries = SignIn.objects.filter(username_hash=name, address_hash=place)
    last_ok = tries.filter(outcome=OK).order_by("-at").values_list("at", flat=True).first()
    recent = tries.filter(outcome__in=_MISSES, at__gt=max(at - LOCKED_WITHIN, last_ok or at - LOCKED_WITHIN))
    locked = locked_for(list(recent.values_list("at", flat=True)), at=at)
    if locked is not None:
        raise SignInLocked(retry_after_s=max(1, round(locked.total_seconds())))
    outcome = attempt()
    SignIn.objects.create(username_hash=name, address_hash=place, user=user, outcome=outcome, at=at)
    return outcome


def set_pin(*, user: User, password: str, pin: str, at: datetime) -> None:
    """Sets the person's own PIN, against his password. Raises BadSignIn, SignInLocked or Invalid."""
    if not is_good_pin(pin):
        raise Invalid([("/pin", "bad_pin", "PIN 是 4–8 位数字，不能全部相同")])
    _confirm_password(user, password, at)
    User.objects.filter(pk=user.pk).update(pin_hash=make_password(pin), pin_misses=0)


def change_password(*, user: User, password: str, new_password: str, at: datetime) -> None:
    """A new password, against the old one; every other session of the person ends."""
    _confirm_password(user, password, at)
    try:
        validate_password(new_password, user)
    except ValidationError as error:
        raise Invalid([("/new_password", "weak_password", " ".join(error.messages))]) from error
    User.objects.filter(pk=user.pk).update(password=make_password(new_password))


def _confirm_password(user: User, password: str, at: datetime) -> None:
    is_right: Callable[[], str] = lambda: OK if check_password(password, user.password) else MISS  # noqa: E731
    if _counted(user.username, "signed in", user, at, is_right) != OK:
        raise BadSignIn()


def find_shared_account(*, user: User, shared_id: int) -> User | None:
    """The shared account that a person took this machine over from, if it still is one of his outlet."""
    shared = User.objects.filter(pk=shared_id, is_active=True, is_shared=True).first()
    is_near = shared is not None and may_share_machine(viewer_of_user(user), viewer_of_user(shared))
    return shared if is_near else None


def switch_person(*, user: User, username: str, pin: str, at: datetime) -> User:
    """Hands a shared machine to a colleague of the same outlet by his PIN; the caller opens his session.

    Raises WrongPin (whatever was wrong), or PinLocked after 5 wrong PINs until he signs in by password.
    """
    return _switch(viewer_of_user(user), normalise_username(username), pin, at)


def _switch(here: Viewer, username: str, pin: str, at: datetime) -> User:
    with transaction.atomic(durable=True):
        other = User.objects.select_for_update().filter(username=username, is_active=True).first()
        if other is None or not other.pin_hash or not may_share_machine(here, viewer_of_user(other)):
            raise WrongPin()
        if other.pin_misses >= MAX_MISSES:
            raise PinLocked()
        is_right = check_password(pin, other.pin_hash)
        other.pin_misses = 0 if is_right else other.pin_misses + 1
        other.save(update_fields=["pin_misses"])
    if not is_right:
        raise WrongPin()
    return other


@transaction.atomic
def enrol_second_factor(*, user: User) -> str:
    """A new secret as an `otpauth://` address for the person's app; it counts once a code confirmed it."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    User.objects.filter(pk=user.pk).update(otp_secret=secret, otp_confirmed_at=None, otp_last_step=0)
    return f"otpauth://totp/Yishi:{quote(user.username)}?secret={secret}&issuer=Yishi"


@transaction.atomic
def confirm_second_factor(*, user: User, otp: str, at: datetime) -> None:
    """From now on signing in asks a code. Raises BadSecondFactor."""
    fresh = User.objects.select_for_update().get(pk=user.pk)
    if not fresh.otp_secret or not _accept_code(fresh, otp, at):
        raise BadSecondFactor()
    User.objects.filter(pk=user.pk).update(otp_confirmed_at=at)


def _accept_code(user: User, otp: str, at: datetime) -> bool:
    """Whether this is the code of now; a code is taken once."""
    step = matching_step(user.otp_secret, otp.strip(), at=at, after_step=user.otp_last_step)
    return step is not None and bool(
        User.objects.filter(pk=user.pk, otp_last_step__lt=step).update(otp_last_step=step)
    )
