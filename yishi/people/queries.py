"""Who somebody is to Yishi, and the one door: what a viewer may do and which places lie in his sight."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yishi.kit.errors import NotAllowed, NotFound
from yishi.kit.hot import hot_cursor
from yishi.kit.ids import token_hash
from yishi.kit.personal import mask_name
from yishi.people.models import ApiKey, Membership, ScopeOutlet, User
from yishi.people.rules import Permission, Role, ScopeKind, Viewer, normalise_username

Scope = tuple[str, str]
"""Kind and code of a place: ("OUTLET", "DS01")."""

ROLE_LABELS = {
    Role.AGENT: _("客服"),
    Role.OUTLET_MANAGER: _("网点负责人"),
    Role.QUALITY: _("总部质控"),
    Role.OPERATOR: _("运维"),
    Role.OWNER: _("老板"),
    Role.COURIER: _("快递员"),
    Role.STATION_KEEPER: _("驿站人员"),
    Role.INTEGRATOR: _("系统对接"),
    Role.SYSTEM: _("系统"),
}


@dataclass(frozen=True)
class Colleague:
    """Somebody a case can be given to, or a machine handed to."""

    user_id: int
    username: str
    name: str
    role: str
    has_pin: bool

    @property
    def role_label(self) -> str:
        return role_label(self.role)


@dataclass(frozen=True)
class StaffContact:
    """Where a notice to a member of staff goes."""

    user_id: int
    name: str
    email: str
    language: str


def role_label(role: str) -> str:
    """What pages call a role."""
    return str(ROLE_LABELS[Role(role)])


def require(viewer: Viewer, permission: Permission) -> None:
    """The first half of the door. Raises NotAllowed when the role may not do this at all."""
    if not viewer.may(permission):
        raise NotAllowed()


def person_of(viewer: Viewer) -> int:
    """Whose it will be: the id of the person who looks. Raises NotAllowed for programs and Yishi itself."""
    if viewer.user_id is None:
        raise NotAllowed()
    return viewer.user_id


def within_scope(viewer: Viewer, outlet_code: str) -> Q:
    """The second half: a filter that leaves what lies in sight; `outlet_code` is the path to Outlet.code.

    Rows without an outlet (head office's queue) are seen by those to whom the whole operator is open.
    """
    return Q() if viewer.outlet_codes is None else Q(**{f"{outlet_code}__in": sorted(viewer.outlet_codes)})


def viewer_of_user(user: User) -> Viewer:
    """The viewer that a person is: his role, and the places of his memberships."""
    return _viewer(user, list(user.memberships.values_list("scope_kind", "scope_code")))


def _viewer(user: User, scopes: Collection[Scope]) -> Viewer:
    return Viewer(
        kind="USER",
        role=Role(user.role),
        user_id=user.pk,
        name=mask_name(user.name),
        outlet_codes=outlets_of_scopes(scopes),
        station_codes=frozenset(code for kind, code in scopes if kind == ScopeKind.STATION),
        is_shared=user.is_shared,
    )


def outlets_of_scopes(scopes: Iterable[Scope]) -> frozenset[str] | None:
    """The outlets that these places mean; None = the whole operator."""
    places = set(scopes)
    if any(kind == ScopeKind.OPERATOR for kind, _code in places):
        return None
    codes = {code for kind, code in places if kind == ScopeKind.OUTLET}
    wider = Q(pk__in=[])
    for kind, code in places:
        if kind in {ScopeKind.REGION, ScopeKind.STATION}:
            wider |= Q(scope_kind=kind, scope_code=code)
    if wider != Q(pk__in=[]):
        codes |= set(ScopeOutlet.objects.filter(wider).values_list("outlet_code", flat=True))
    return frozenset(codes)


# kept prepared: every call of a program begins here
_KEY = "SELECT id, role, name, outlet_code FROM people_api_key WHERE token_hash = %s AND revoked_at IS NULL"


def viewer_of_key(token: str) -> Viewer | None:
    """The viewer that an API key is; None when it is unknown or revoked."""
    row = hot_cursor().execute(_KEY, [token_hash(token)], prepare=True).fetchone()
    if row is None:
        return None
    key_id, role, name, outlet_code = row
    return Viewer(
        kind="KEY",
        role=Role(role),
        key_id=key_id,
        name=name,
        outlet_codes=frozenset({outlet_code}) if outlet_code else None,
    )


def _members(outlet_code: str | None) -> Q:
    """People of an outlet (also by its region or station); None = people of the whole operator."""
    if outlet_code is None:
        return Q(memberships__scope_kind=ScopeKind.OPERATOR)
    scopes = ScopeOutlet.objects.filter(outlet_code=outlet_code).values_list("scope_kind", "scope_code")
    found = Q(memberships__scope_kind=ScopeKind.OUTLET, memberships__scope_code=outlet_code)
    for kind, code in scopes:
        found |= Q(memberships__scope_kind=kind, memberships__scope_code=code)
    return found


def _colleague(user: User) -> Colleague:
    return Colleague(user.pk, user.username, user.name, user.role, bool(user.pin_hash))


def list_colleagues(viewer: Viewer, outlet_code: str | None) -> list[Colleague]:
    """Active people of an outlet, or of head office (None), whom this viewer can give work to."""
    return colleagues_by_outlet(viewer, [outlet_code])[outlet_code]


def colleagues_by_outlet(
    viewer: Viewer, outlet_codes: Collection[str | None]
) -> dict[str | None, list[Colleague]]:
    """The same for each of these outlets, by username; two statements however many there are."""
    found: dict[str | None, dict[int, Colleague]] = {code: {} for code in outlet_codes}
    seen = [code for code in found if viewer.sees_outlet(code)]
    places: dict[Scope, list[str | None]] = {
        (ScopeKind.OUTLET.value, code) if code else (ScopeKind.OPERATOR.value, ""): [code] for code in seen
    }
    wider = ScopeOutlet.objects.filter(outlet_code__in=[code for code in seen if code])
    for kind, scope, outlet in wider.values_list("scope_kind", "scope_code", "outlet_code"):
        places.setdefault((kind, scope), []).append(outlet)
    near = Q(pk__in=[])
    for kind in {kind for kind, _scope in places}:
        near |= Q(scope_kind=kind, scope_code__in=[scope for its, scope in places if its == kind])
    members = Membership.objects.filter(near, user__is_active=True, user__is_shared=False)
    for one in members.select_related("user").order_by("user__username"):
        for code in places[one.scope_kind, one.scope_code]:
            found[code][one.user_id] = _colleague(one.user)
    return {code: list(people.values()) for code, people in found.items()}


def list_mates(viewer: Viewer) -> list[Colleague]:
    """People to whom this person's machine can be handed by PIN: same outlet, PIN set, not himself."""
    if viewer.outlet_codes is None:
        near = _members(None)
    else:
        wide = Membership.objects.filter(scope_kind=ScopeKind.OPERATOR).values("user")
        near = Q(pk__in=[])
        for code in viewer.outlet_codes:
            near |= _members(code)
        near &= ~Q(pk__in=wide)
    users = User.objects.filter(near, is_active=True).exclude(pin_hash="").exclude(pk=viewer.user_id or 0)
    return [_colleague(user) for user in users.distinct().order_by("username")]


def staff_contacts(outlet_code: str | None, roles: Collection[str]) -> list[StaffContact]:
    """Active people of an outlet, or of head office (None), in one of these roles, for notices."""
    users = User.objects.filter(_members(outlet_code), role__in=list(roles), is_active=True)
    return [StaffContact(u.pk, u.name, u.email, u.language) for u in users.distinct().order_by("pk")]


def staff_contact(user_id: int) -> StaffContact | None:
    """One active person, for a notice."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return StaffContact(user.pk, user.name, user.email, user.language) if user else None


def staff_names(user_ids: Collection[int]) -> dict[int, str]:
    """Full names of staff by id, for pages that show who did what."""
    return {user.pk: user.name for user in User.objects.filter(pk__in=set(user_ids)).only("name")}


def staff_usernames(user_ids: Collection[int]) -> dict[int, str]:
    """Sign-in names of staff by id: how programs name a person."""
    return dict(User.objects.filter(pk__in=set(user_ids)).values_list("pk", "username"))


def get_user_id(*, viewer: Viewer, username: str) -> int:
    """The active person of that name within this viewer's sight. Raises NotFound."""
    user = User.objects.filter(username=normalise_username(username), is_active=True).first()
    if user is None or not viewer.covers(viewer_of_user(user).outlet_codes):
        raise NotFound()
    return user.pk


@dataclass(frozen=True)
class PersonCard:
    """Somebody who can sign in, as an operator's list shows him; no places = the whole operator."""

    user_id: int
    username: str
    name: str
    role: str
    places: tuple[str, ...]
    is_active: bool
    has_second_factor: bool

    @property
    def role_label(self) -> str:
        return role_label(self.role)


def list_users(viewer: Viewer) -> list[PersonCard]:
    """Everybody whose places lie within this viewer's sight, by username."""
    users = User.objects.prefetch_related("memberships").order_by("username")
    cards = []
    for user in users:
        scopes = [(row.scope_kind, row.scope_code) for row in user.memberships.all()]
        if viewer.outlet_codes is None or viewer.covers(outlets_of_scopes(scopes)):
            places = tuple(sorted(code for _kind, code in scopes if code))
            who = (user.pk, user.username, user.name, user.role)
            cards.append(PersonCard(*who, places, user.is_active, user.has_second_factor))
    return cards


@dataclass(frozen=True)
class KeyCard:
    """A program's key, never the key itself."""

    key_id: int
    name: str
    role: str
    outlet_code: str
    last_used_date: date | None
    revoked_at: datetime | None

    @property
    def role_label(self) -> str:
        return role_label(self.role)


def list_keys(viewer: Viewer) -> list[KeyCard]:
    """The keys in sight, the working ones first. Raises NotAllowed for whom does not keep keys."""
    require(viewer, Permission.KEYS_MANAGE)
    keys = ApiKey.objects.filter(within_scope(viewer, "outlet_code")).order_by("-revoked_at", "name", "pk")
    rows = [KeyCard(k.pk, k.name, k.role, k.outlet_code, k.last_used_date, k.revoked_at) for k in keys]
    return sorted(rows, key=lambda card: card.revoked_at is not None)
