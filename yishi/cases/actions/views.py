"""Keeping the worklist one's own way: saved views, and tags on cases."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_may, hold_case, tell
from yishi.cases.actions.lines import write_entry
from yishi.cases.models.history import Audience
from yishi.cases.models.views import CaseTag, SavedView
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.queries import find_outlet
from yishi.people.rules import Permission, Viewer

MOST_VIEWS = 12
MOST_TAGS = 10
_NAME = 20
_KEPT = ("view", "outlet", "status", "category", "source", "tag", "q")


class TooManyViews(Refusal):
    """最多存 12 个，先删一个不用的"""

    code = "too_many_views"


@transaction.atomic
def save_view(
    *, name: str, filters: Mapping[str, str], share_with: str | None = None, by: Viewer, at: datetime
) -> int:
    """Keeps these filters under a name; one of the same name is replaced. Returns its id.

    `share_with` is an outlet's code (`HQ`: everybody) that sees it too; None keeps it to oneself. Raises
    Invalid, NotAllowed for an outlet out of sight, TooManyViews.
    """
    check_may(by, Permission.CASE_READ)
    said = " ".join(name.split())
    if not said or len(said) > _NAME:
        raise Invalid([("/name", "missing_field", "起个名字，20 个字以内")])
    if share_with is not None and not by.sees_outlet(None if share_with == "HQ" else share_with):
        raise NotAllowed()
    outlet = find_outlet(share_with) if share_with not in (None, "HQ") else None
    own = SavedView.objects.select_for_update().filter(owner_id=by.user_id)
    if not own.filter(name=said).exists() and own.count() >= MOST_VIEWS:
        raise TooManyViews()
    view, _ = SavedView.objects.update_or_create(
        owner_id=by.user_id,
        name=said,
        defaults={
            "filters": {key: filters[key] for key in _KEPT if filters.get(key)},
            "outlet_id": outlet.id if outlet else None,
            "is_shared": share_with is not None,
            "created_at": at,
        },
    )
    return view.pk


def drop_view(*, view_id: int, by: Viewer) -> None:
    """Takes one's own view away. Raises NotFound for anybody else's."""
    gone, _ = SavedView.objects.filter(pk=view_id, owner_id=by.user_id).delete()
    if not gone:
        raise NotFound()


class BadTag(Invalid):
    """标签是 1 到 12 个字，不带空格和逗号"""

    code = "bad_tag"


def plain_tag(tag: str) -> str:
    """The tag as it is kept. Raises BadTag."""
    said = tag.strip().lstrip("#＃")
    if not re.fullmatch(r"[^\s,，、;；\x00-\x1f]{1,12}", said):
        raise BadTag()
    return said


@transaction.atomic
def add_tag(*, case_id: int, tag: str, by: Viewer, at: datetime) -> bool:
    """Hangs a word on the case; a word that hangs there already changes nothing. Returns whether it is new.

    Raises BadTag, NotFound, or TooManyTags.
    """
    check_may(by, Permission.CASE_WRITE)
    said = plain_tag(tag)
    case = hold_case(case_id=case_id)
    there = set(CaseTag.objects.filter(case=case).values_list("tag", flat=True))
    if said in there:
        return False
    if len(there) >= MOST_TAGS:
        raise TooManyTags()
    CaseTag.objects.create(case=case, tag=said, by_id=by.user_id, at=at)
    write_entry(case, "TAGGED", Audience.INTERNAL, by=by, at=at, data={"tag": said})
    tell(case)
    return True


@transaction.atomic
def remove_tag(*, case_id: int, tag: str, by: Viewer, at: datetime) -> None:
    """Takes the word off again. Raises NotFound when it does not hang there."""
    check_may(by, Permission.CASE_WRITE)
    case = hold_case(case_id=case_id)
    gone, _ = CaseTag.objects.filter(case=case, tag=tag).delete()
    if not gone:
        raise NotFound()
    write_entry(case, "UNTAGGED", Audience.INTERNAL, by=by, at=at, data={"tag": tag})
    tell(case)


class TooManyTags(Refusal):
    """一件工单最多 10 个标签"""

    code = "too_many_tags"
