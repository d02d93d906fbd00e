"""Call-backs that are open, as the desk sees them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from yishi.conversations.models.beside import CallBack
from yishi.kit.errors import NotFound
from yishi.kit.phrases import say
from yishi.people.queries import within_scope
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True, kw_only=True)
class CallBackCard:
    """One of them; the number is plain, whoever sees this rings it."""

    id: int
    conversation_id: int | None
    outlet_name: str
    phone: str
    about: str
    wished_at: datetime
    due_at: datetime
    asked_at: datetime
    state: str
    result: str


def list_call_backs(*, viewer: Viewer, limit: int = 100) -> list[CallBackCard]:
    """The open ones of his outlets, the earliest due first."""
    if not viewer.may(Permission.CASE_READ):
        return []
    rows = CallBack.objects.filter(within_scope(viewer, "outlet__code"), state=CallBack.State.OPEN)
    return [_card(row) for row in rows.select_related("outlet").order_by("due_at")[:limit]]


def open_call_back(conversation_id: int) -> CallBackCard | None:
    """The one that was promised in a conversation and is not made yet."""
    row = CallBack.objects.filter(conversation_id=conversation_id, state=CallBack.State.OPEN).first()
    return _card(row) if row is not None else None


def known_call_backs(ids: Collection[int]) -> dict[int, str]:
    """The state of each of these that is in the record."""
    return dict(CallBack.objects.filter(pk__in=list(ids)).values_list("pk", "state"))


@dataclass(frozen=True)
class CallBackPlace:
    """Whose a call-back is; `outlet_code` is '' for head office."""

    conversation_id: int | None
    outlet_code: str
    outlet_name: str


def place_of_call_back(call_back_id: int) -> CallBackPlace:
    """Raises NotFound."""
    row = CallBack.objects.select_related("outlet").filter(pk=call_back_id).first()
    if row is None:
        raise NotFound()
    outlet = row.outlet
    return CallBackPlace(row.conversation_id, outlet.code if outlet else "", outlet.name if outlet else "")


def access_call_back(*, viewer: Viewer, call_back_id: int) -> CallBackCard:
    """One in sight. Raises NotFound."""
    row = CallBack.objects.filter(within_scope(viewer, "outlet__code"), pk=call_back_id).first()
    if row is None or not viewer.may(Permission.CASE_READ):
        raise NotFound()
    return _card(row)


def _card(row: CallBack) -> CallBackCard:
    return CallBackCard(
        id=row.pk,
        conversation_id=row.conversation_id,
        outlet_name=row.outlet.name if row.outlet else "",
        phone=row.phone,
        about=say(row.said) or row.about,
        wished_at=row.wished_at,
        due_at=row.due_at,
        asked_at=row.asked_at,
        state=row.state,
        result=row.result,
    )
