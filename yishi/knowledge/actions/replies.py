"""Writing and keeping saved replies: every change is a version, nothing is lost."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from yishi.kit.errors import Invalid, NotAllowed, NotFound, Stale
from yishi.kit.phrases import joined
from yishi.knowledge.models import Reply, ReplyScope, ReplyVersion
from yishi.knowledge.queries.replies import visible_to
from yishi.knowledge.rules.replies import unknown_variables
from yishi.network.queries import find_outlet
from yishi.people.queries import person_of, require
from yishi.people.rules import Permission, Viewer

LANGUAGES = ("zh-hans", "en")
_TITLE, _BODY = 40, 4000


@transaction.atomic
def save_reply(
    *,
    reply_id: int | None = None,
    version: int | None = None,
    title: str,
    body: str,
    scope: str,
    outlet_code: str = "",
    language: str = "zh-hans",
    categories: Sequence[str] = (),
    review_date: date | None = None,
    by: Viewer,
    at: datetime,
) -> int:
    """Writes a new reply or the next version of one. Returns its id.

    PERSONAL is one's own; OUTLET needs the outlet in sight, OPERATOR the right to manage policies. Raises
    Invalid (unknown variables are named), NotAllowed, NotFound, Stale.
    """
    require(by, Permission.CASE_WRITE)
    person = person_of(by)
    said, text = " ".join(title.split()), body.replace("\r\n", "\n").strip()
    _check(said, text, scope, language)
    outlet_id = _outlet_of(scope, outlet_code, by)
    reply = _held(reply_id, version, by) if reply_id is not None else Reply(owner_id=person, version=0)
    reply.title, reply.body, reply.scope, reply.outlet_id = said, text, scope, outlet_id
    reply.language, reply.categories, reply.review_date = language, list(categories), review_date
    reply.version += 1
    reply.changed_at, reply.archived_at = at, None
    reply.save()
    ReplyVersion.objects.create(
        reply=reply, version=reply.version, title=said, body=text, by_id=by.user_id, at=at
    )
    return reply.pk


@transaction.atomic
def archive_reply(*, reply_id: int, by: Viewer, at: datetime) -> None:
    """Takes it out of use; its versions stay. Raises NotFound, NotAllowed."""
    require(by, Permission.CASE_WRITE)
    reply = _held(reply_id, None, by)
    reply.archived_at = at
    reply.save(update_fields=["archived_at"])


def note_use(*, reply_ids: Sequence[int], by: Viewer) -> None:
    """These went into an answer that was sent."""
    visible_to(by).filter(pk__in=list(reply_ids)[:10]).update(used=F("used") + 1)


def _held(reply_id: int, version: int | None, by: Viewer) -> Reply:
    reply = (
        visible_to(by).select_for_update(of=("self",)).select_related("outlet").filter(pk=reply_id).first()
    )
    if reply is None:
        raise NotFound()
    if reply.scope == ReplyScope.OPERATOR and not by.may(Permission.POLICY_MANAGE):
        raise NotAllowed()
    if version is not None and version != reply.version:
        raise Stale()
    return reply


def _outlet_of(scope: str, code: str, by: Viewer) -> int | None:
    if scope == ReplyScope.OPERATOR and not by.may(Permission.POLICY_MANAGE):
        raise NotAllowed()
    if scope != ReplyScope.OUTLET:
        return None
    outlet = find_outlet(code)
    if outlet is None or not by.sees_outlet(code):
        raise Invalid([("/outlet", "unknown_outlet", "没有这个网点")])
    return outlet.id


class UnknownVariable(Invalid):
    """没有这个变量：%(names)s"""

    code = "unknown_variable"


def _check(title: str, body: str, scope: str, language: str) -> None:
    errors = []
    if not title or len(title) > _TITLE or "\x00" in title:
        errors.append(("/title", "missing_field", "起个名字，40 字以内"))
    if not body or len(body) > _BODY or "\x00" in body:
        errors.append(("/body", "missing_field", "写上要说的话，4,000 字以内"))
    if scope not in ReplyScope.values:
        errors.append(("/scope", "unknown_scope", "选给谁用"))
    if language not in LANGUAGES:
        errors.append(("/language", "unknown_language", "选一种语言"))
    if errors:
        raise Invalid(errors)
    if unknown := unknown_variables(body):
        raise UnknownVariable(names=joined(f"{{{name}}}" for name in unknown))
