"""What those who keep something are told when it no longer works: sources of tracking, rules of theirs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from yishi.knowledge.queries.articles import titles_of
from yishi.notifications.actions.queue import Kind, operator_name, queue_delivery
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import part, write_letter
from yishi.notifications.rules import EMAIL, FEED, POLICY, is_address
from yishi.people.queries import StaffContact, staff_contact, staff_contacts
from yishi.people.rules import PERMISSIONS, Permission

_ONCE_IN = timedelta(days=1)


def tell_feed_keepers(*, source_code: str, matter: str, at: datetime, **said: str) -> int:
    """Queues a mail to everybody at head office who keeps feeds; returns how many people are told.

    `matter` names the sentence (`texts/<language>/<matter>.part.txt`, filled with `said`). Of one source the
    same matter is told once a day: the page shows the rest.
    """

    def values(language: str) -> Mapping[str, str]:
        return {"source": source_code, "what": part(matter, language, **said)}

    return _tell(
        Permission.FEEDS_MANAGE, Kind.FEED_ALARM, (FEED, f"{source_code}/{matter}"), "/manage/", values, at
    )


def tell_channel_keepers(*, code: str, says: str, at: datetime) -> int:
    """The same of a way in by which people reach us: a mailbox refuses our login, or has no such folder."""

    def values(language: str) -> Mapping[str, str]:
        return {"name": code, "says": says}

    subject = (FEED, f"channel {code}/stopped")
    return _tell(
        Permission.FEEDS_MANAGE, Kind.FEED_ALARM, subject, "/manage/", values, at, text="channel_alarm"
    )


def tell_policy_keepers(*, subject: str, name: str, says: str, at: datetime) -> int:
    """The same to those who keep policies: a rule (`rule/<number>`) broke."""

    def values(language: str) -> Mapping[str, str]:
        return {"name": name, "says": says}

    return _tell(Permission.POLICY_MANAGE, Kind.RULE_ALARM, (POLICY, subject), "/manage/rules", values, at)


def tell_of_reviews(*, article_ids: Sequence[int], owner_id: int | None, at: datetime) -> int:
    """Articles are to be looked at again: whoever keeps them hears of it, else all who keep policies."""
    owner = staff_contact(owner_id) if owner_id is not None else None
    titles = titles_of(article_ids)

    def values(language: str) -> Mapping[str, str]:
        return {"count": str(len(titles)), "titles": "\n".join(f"- {title}" for title in titles[:20])}

    subject = (POLICY, f"article/{min(article_ids)}")
    kind, page, keeps = Kind.STAFF_WORK, "/manage/articles", Permission.POLICY_MANAGE
    people = [owner] if owner is not None and is_address(EMAIL, owner.email) else None
    return _tell(keeps, kind, subject, page, values, at, text="reviews", people=people)


def _tell(
    keeps: Permission,
    kind: Kind,
    subject: tuple[str, str],
    page: str,
    values: Callable[[str], Mapping[str, str]],
    at: datetime,
    *,
    text: str = "",
    people: Sequence[StaffContact] | None = None,
) -> int:
    subject_kind, subject_id = subject
    told = Delivery.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, created_at__gt=at - _ONCE_IN
    )
    if told.exists():
        return 0
    roles = [role for role, may in PERMISSIONS.items() if keeps in may]
    keepers = staff_contacts(None, roles) if people is None else people
    told_now = {p.email: p for p in keepers if is_address(EMAIL, p.email)}
    for person in told_now.values():
        shared = {
            "operator": operator_name(person.language),
            "link": f"{settings.ENVIRONMENT.web_origin}{page}",
        }
        letter = write_letter(
            kind=text or kind,
            channel=EMAIL,
            language=person.language,
            values={**shared, **values(person.language)},
        )
        queue_delivery(
            kind=kind,
            subject_kind=subject_kind,
            subject_id=subject_id,
            channel=EMAIL,
            to=person.email,
            letter=letter,
            language=person.language,
            at=at,
        )
    return len(told_now)
