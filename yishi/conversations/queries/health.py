"""How the ways in stand, for those who keep them: last heard, refused signatures, what could not be read."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from yishi.conversations.models.messages import RawMessage
from yishi.conversations.models.talk import ChannelAccount
from yishi.conversations.port import ChannelCard
from yishi.conversations.queries.accounts import account_card, fetchers, plugins
from yishi.kit.errors import NotFound
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True, kw_only=True)
class ChannelHealth:
    """One way in. `settings` are its plain ones; of secrets only which are set (`secrets`)."""

    id: int
    code: str
    label: str
    card: ChannelCard
    outlet_code: str
    outlet_name: str
    has_assistant: bool
    is_paused: bool
    paused_reason: str
    is_fetched: bool
    heard_at: datetime | None
    bad_signatures: int
    quarantined: int
    # came while it was paused, and are taken in when it goes on
    waiting: int
    settings: dict[str, str]
    secrets: frozenset[str]


def list_channel_health(*, viewer: Viewer, code: str = "") -> list[ChannelHealth]:
    """Every way in, in the order of codes, or the one. Raises NotAllowed."""
    require(viewer, Permission.FEEDS_MANAGE)
    rows = ChannelAccount.objects.filter(Q(code=code) if code else Q(), plugin__in=plugins())
    rows = rows.select_related("outlet").annotate(unread=_count("QUARANTINED"), waiting=_count("WAITING"))
    return [_health(row, row.unread, row.waiting) for row in rows.order_by("code")]


def _count(state: str) -> Coalesce:
    """How many bodies of the account are in this state."""
    rows = RawMessage.objects.filter(account=OuterRef("pk"), state=state).order_by().values("account")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


def get_channel_health(*, viewer: Viewer, code: str) -> ChannelHealth:
    """One way in. Raises NotFound, NotAllowed."""
    found = list_channel_health(viewer=viewer, code=code)
    if not found:
        raise NotFound()
    return found[0]


def _health(row: ChannelAccount, unread: int, waiting: int) -> ChannelHealth:
    card, settings = plugins()[row.plugin][0], account_card(row).settings
    secret = {field.name for field in card.settings if field.is_secret}
    return ChannelHealth(
        id=row.pk,
        code=row.code,
        label=row.label,
        card=card,
        outlet_code=row.outlet.code if row.outlet else "",
        outlet_name=row.outlet.name if row.outlet else "",
        has_assistant=row.has_assistant,
        is_paused=row.is_paused,
        paused_reason=row.paused_reason,
        is_fetched=row.plugin in fetchers(),
        heard_at=row.heard_at,
        bad_signatures=row.bad_signatures,
        quarantined=unread,
        waiting=waiting,
        settings={name: value for name, value in settings.items() if name not in secret},
        secrets=frozenset(name for name in secret if settings.get(name)),
    )
