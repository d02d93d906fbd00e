"""Who may do and see what, as a table: roles, permissions, and the viewer that every door asks for."""

import base64
import hmac
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """What somebody is to the operator. INTEGRATOR is a program's key only; SYSTEM is Yishi itself."""

    AGENT = "AGENT"
    OUTLET_MANAGER = "OUTLET_MANAGER"
    QUALITY = "QUALITY"
    OPERATOR = "OPERATOR"
    OWNER = "OWNER"
    COURIER = "COURIER"
    STATION_KEEPER = "STATION_KEEPER"
    INTEGRATOR = "INTEGRATOR"
    SYSTEM = "SYSTEM"


USER_ROLES = frozenset(Role) - {Role.INTEGRATOR, Role.SYSTEM}
KEY_ROLES = frozenset(Role) - {Role.OWNER, Role.SYSTEM}
BOUND_ROLES = frozenset({Role.COURIER, Role.STATION_KEEPER, Role.OUTLET_MANAGER})
"""People of one place: they are never given sight of the whole operator."""

KEY_NEEDS_OUTLET = BOUND_ROLES | {Role.AGENT}
"""A key of these roles names its outlet (contracts.md, `yishi key add`)."""


class ScopeKind(StrEnum):
    """How far a membership reaches."""

    OPERATOR = "OPERATOR"
    REGION = "REGION"
    OUTLET = "OUTLET"
    STATION = "STATION"


class Permission(StrEnum):
    CASE_READ = "CASE_READ"
    CASE_WRITE = "CASE_WRITE"
    CASE_ASSIGN = "CASE_ASSIGN"
    SHIPMENT_READ = "SHIPMENT_READ"
    CONTACT_WRITE = "CONTACT_WRITE"
    SCAN = "SCAN"
    PREFERENCES = "PREFERENCES"
    INGEST = "INGEST"
    FEEDS_MANAGE = "FEEDS_MANAGE"
    FILES_IMPORT = "FILES_IMPORT"
    NETWORK_MANAGE = "NETWORK_MANAGE"
    POLICY_MANAGE = "POLICY_MANAGE"
    USERS_MANAGE = "USERS_MANAGE"
    ROSTER = "ROSTER"
    KEYS_MANAGE = "KEYS_MANAGE"
    WEBHOOKS = "WEBHOOKS"
    REVEAL = "REVEAL"
    METRICS = "METRICS"
    EVENTS_DECLARE = "EVENTS_DECLARE"
    STATIONS = "STATIONS"


_CARE = {
    Permission.CASE_READ,
    Permission.CASE_WRITE,
    Permission.CASE_ASSIGN,
    Permission.SHIPMENT_READ,
    Permission.CONTACT_WRITE,
    Permission.PREFERENCES,
    Permission.REVEAL,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset(_CARE),
    Role.OUTLET_MANAGER: frozenset(
        _CARE
        | {
            Permission.USERS_MANAGE,
            Permission.ROSTER,
            Permission.FILES_IMPORT,
            Permission.EVENTS_DECLARE,
            Permission.STATIONS,
        }
    ),
    Role.QUALITY: frozenset(
        _CARE
        | {
            Permission.POLICY_MANAGE,
            Permission.ROSTER,
            Permission.FILES_IMPORT,
            Permission.EVENTS_DECLARE,
        }
    ),
    Role.OPERATOR: frozenset(
        {
            Permission.SHIPMENT_READ,
            Permission.FEEDS_MANAGE,
            Permission.FILES_IMPORT,
            Permission.NETWORK_MANAGE,
            Permission.USERS_MANAGE,
            Permission.ROSTER,
            Permission.KEYS_MANAGE,
            Permission.WEBHOOKS,
            Permission.METRICS,
            Permission.EVENTS_DECLARE,
            Permission.STATIONS,
        }
    ),
    Role.OWNER: frozenset(Permission) - {Permission.INGEST, Permission.SCAN},
    Role.COURIER: frozenset({Permission.SHIPMENT_READ, Permission.CONTACT_WRITE, Permission.SCAN}),
    Role.STATION_KEEPER: frozenset(
        {Permission.SHIPMENT_READ, Permission.CONTACT_WRITE, Permission.SCAN, Permission.STATIONS}
    ),
    Role.INTEGRATOR: frozenset(
        {
            Permission.INGEST,
            Permission.SHIPMENT_READ,
            Permission.CONTACT_WRITE,
            Permission.SCAN,
            Permission.CASE_READ,
            Permission.CASE_WRITE,
            Permission.PREFERENCES,
            Permission.WEBHOOKS,
        }
    ),
    Role.SYSTEM: frozenset(Permission),
}

LOOKING = frozenset({Permission.CASE_READ, Permission.SHIPMENT_READ})
"""What a shared account may, whoever sits there."""

HEAD_OFFICE = frozenset({Permission.POLICY_MANAGE, Permission.FEEDS_MANAGE, Permission.NETWORK_MANAGE})
"""What counts for the whole operator: nobody whose sight ends at a region or an outlet turns it."""

_GIVES: dict[Role, frozenset[Role]] = {
    Role.OUTLET_MANAGER: frozenset({Role.AGENT, Role.COURIER, Role.STATION_KEEPER}),
    Role.OPERATOR: USER_ROLES - {Role.OWNER},
    Role.OWNER: USER_ROLES,
    Role.SYSTEM: USER_ROLES,
}


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks or acts: a signed-in person, an API key, or the system; and how far his sight reaches.

    `outlet_codes` None = the whole operator. `name` is masked, fit for logs. `is_shared`: an account of
    several people, which looks and never acts, so that everything done has a name.
    """

    kind: Literal["USER", "KEY", "SYSTEM"]
    role: Role
    user_id: int | None = None
    key_id: int | None = None
    name: str = ""
    outlet_codes: frozenset[str] | None = frozenset()
    station_codes: frozenset[str] = frozenset()
    is_shared: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it at all; the place is asked separately."""
        is_open = permission in PERMISSIONS[self.role]
        if permission in HEAD_OFFICE and self.outlet_codes is not None:
            return False
        return is_open and (not self.is_shared or permission in LOOKING)

    def sees_outlet(self, code: str | None) -> bool:
        """Whether something of this outlet is in sight; None = what stands in head office's queue."""
        return self.outlet_codes is None or (code is not None and code in self.outlet_codes)

    def covers(self, codes: frozenset[str] | None) -> bool:
        """Whether all these outlets (None = the whole operator) lie within this viewer's sight."""
        return self.outlet_codes is None or (codes is not None and codes <= self.outlet_codes)

    def may_give(self, role: Role) -> bool:
        """Whether this viewer may make somebody of that role."""
        return role in _GIVES.get(self.role, frozenset())

    @property
    def label(self) -> str:
        """How records name who it was: `user:3`, `key:4`, `system`."""
        number = self.user_id if self.kind == "USER" else self.key_id
        return self.kind.lower() if number is None else f"{self.kind.lower()}:{number}"


SYSTEM_VIEWER = Viewer(kind="SYSTEM", role=Role.SYSTEM, name="system", outlet_codes=None)


def may_share_machine(one: Viewer, other: Viewer) -> bool:
    """Whether a PIN is enough to hand a machine over: only between people of one outlet, never upwards."""
    if one.outlet_codes is None or other.outlet_codes is None:
        return one.outlet_codes is other.outlet_codes
    return bool(one.outlet_codes & other.outlet_codes)


def normalise_username(text: str) -> str:
    """Names are the same whatever their width or case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


MAX_MISSES = 5
"""Wrong tries before a name from one address, or a PIN, is locked (contracts.md: 5 per 5 min)."""

LOCKED_WITHIN = timedelta(minutes=5)


def locked_for(misses: Sequence[datetime], *, at: datetime) -> timedelta | None:
    """How long a name is still locked after these wrong tries; None when it may try again.

    A try exactly five minutes old no longer counts.
    """
    recent = sorted(moment for moment in misses if moment > at - LOCKED_WITHIN)
    return recent[-MAX_MISSES] + LOCKED_WITHIN - at if len(recent) >= MAX_MISSES else None


def is_good_pin(pin: str) -> bool:
    """4 to 8 digits, not all the same."""
    return pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8 and len(set(pin)) > 1


STEP_SECONDS = 30


def one_time_code(secret: str, step: int) -> str:
    """The six digits of RFC 6238 (TOTP, SHA-1) for one step of 30 s; `secret` is base32."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def matching_step(secret: str, code: str, *, at: datetime, after_step: int) -> int | None:
    """The step whose code this is: now, or one before or after for clocks that differ.

    Never a step up to `after_step`, so that a code that was seen cannot be used again.
    """
    now_step = int(at.timestamp()) // STEP_SECONDS
    steps = (step for step in (now_step, now_step - 1, now_step + 1) if step > after_step)
    return next(
        (s for s in steps if hmac.compare_digest(one_time_code(secret, s).encode(), code.encode())), None
    )
