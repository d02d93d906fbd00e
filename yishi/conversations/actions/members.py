"""A colleague becomes known to a group's robot: he fetches a code on his page and writes it there once."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from yishi.conversations.models.pieces import Member, MemberCode
from yishi.kit.errors import NotFound
from yishi.kit.personal import keyed_hash
from yishi.people.queries import person_of
from yishi.people.rules import Viewer

COUNTS_FOR = timedelta(minutes=10)
# without letters and digits that are read for each other; 28^6 codes, ten minutes, limited tries
_SIGNS = "ABCDEFGHJKMNPQRTUVWXY2346789"


@transaction.atomic
def make_member_code(*, by: Viewer, at: datetime) -> str:
    """A fresh code for the person himself; an older one counts no more. Raises NotAllowed."""
    user_id = person_of(by)
    code = "".join(secrets.choice(_SIGNS) for _sign in range(6))
    MemberCode.objects.update_or_create(
        user_id=user_id, defaults={"code_hash": _hash(code), "expires_at": at + COUNTS_FOR}
    )
    return code


@transaction.atomic
def bind_member(*, account_id: int, external_id: str, code: str, at: datetime) -> int | None:
    """Who wrote this code is that colleague from now on, in this way in; None for a wrong or old one.

    A person is known by one name a robot: the newer one counts. The code is used up.
    """
    found = (
        MemberCode.objects.select_for_update()
        .filter(code_hash=_hash(code.strip().upper()), expires_at__gt=at, user__is_active=True)
        .first()
    )
    if found is None:
        return None
    mark = member_hash(external_id)
    Member.objects.filter(account_id=account_id, user_id=found.user_id).exclude(external_hash=mark).delete()
    Member.objects.update_or_create(
        account_id=account_id,
        external_hash=mark,
        defaults={"user_id": found.user_id, "external_id": external_id, "bound_at": at},
    )
    user_id = found.user_id
    found.delete()
    return user_id


@transaction.atomic
def unbind_member(*, member_id: int, by: Viewer, at: datetime) -> None:
    """The person himself ends it. Raises NotFound."""
    if not Member.objects.filter(pk=member_id, user_id=person_of(by)).delete()[0]:
        raise NotFound()


def member_hash(external_id: str) -> bytes:
    return keyed_hash("talk:member", external_id)


def _hash(code: str) -> bytes:
    return keyed_hash("talk:member code", code)
