"""An operator says at which outlets people are told ahead, of what, and by which channels in turn."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound
from yishi.network.models import Outlet
from yishi.notifications.models import AheadSetting
from yishi.notifications.rules import EMAIL, SMS
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer

MAY_TELL = (SMS, "WECHAT", EMAIL)
"""Calls go to whoever asked to be called, not by this choice."""


@transaction.atomic
def set_ahead(*, outlet_id: int | None, mode: str, channels: Sequence[str], by: Viewer, at: datetime) -> None:
    """One outlet's setting, or (without an outlet) everybody's who has none of his own; '' as mode takes an
    outlet's own away. Raises NotAllowed, NotFound, Invalid."""
    require(by, Permission.POLICY_MANAGE)
    if outlet_id is None and by.outlet_codes is not None:
        raise NotFound()
    if outlet_id is not None and not Outlet.objects.filter(within_scope(by, "code"), pk=outlet_id).exists():
        raise NotFound()
    if not mode and outlet_id is not None:
        AheadSetting.objects.filter(outlet_id=outlet_id).delete()
        return
    wanted = list(dict.fromkeys(channels))
    if mode not in AheadSetting.Mode.values:
        raise Invalid([("/mode", "unknown_mode", "选一种")])
    if not wanted or not set(wanted) <= set(MAY_TELL):
        raise Invalid([("/channels", "unknown_channel", "至少选一种渠道")])
    outlet = Outlet.objects.get(pk=outlet_id) if outlet_id is not None else None
    said = {"mode": mode, "channels": wanted, "changed_at": at, "changed_by": by.label}
    AheadSetting.objects.update_or_create(outlet=outlet, defaults=said)
