"""One parcel of the station: where it stands, whose hands it was in, what can be done."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from yishi.consignees.queries import see_contact
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.notifications.actions.pickups import send_pickup_again
from yishi.notifications.queries.pickups import notices_of_stays
from yishi.people.queries import staff_names
from yishi.people.rules import Viewer
from yishi.stations.actions.custody import extend_keeping, move_on, move_parcel, note_sent_again
from yishi.stations.actions.persons import set_phone
from yishi.stations.queries.stations import StationCard, other_stations
from yishi.stations.queries.stays import extensions_for, get_stay, list_stays, story_of
from yishi.web.desk.page import words_of
from yishi.web.station.doors import show, station_page
from yishi.web.station.words import COLLECT, KINDS, STATES, STEPS


@station_page
@require_safe
def parcel(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """What stands on one's own shelf is seen in full, and that it was looked at is written down."""
    return _page(request, viewer, card, parcel_id)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    parcel_id: int,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    at = now()
    line = get_stay(card, parcel_id, at=at)
    is_inside = line.state == "INSIDE"
    person = None
    if is_inside and line.contact_id is not None:
        person = see_contact(
            viewer=viewer, contact_id=line.contact_id, task=f"station:{line.waybill_no}", at=at
        )
    steps = story_of(parcel_id)
    people = {step.who: int(step.who[5:]) for step in steps if step.who.startswith("user:")}
    known = staff_names(set(people.values()))
    values = {
        "at": at,
        "tab": "shelves",
        "line": line,
        "state": STATES[line.state],
        "kind": KINDS.get(line.standing),
        "collect": COLLECT[line.collect],
        "person": person,
        "steps": [(step, STEPS[step.kind], known.get(people.get(step.who, 0), "")) for step in steps],
        "longer": extensions_for(card, parcel_id, at=at) if is_inside else [],
        "neighbours": _neighbours(card, line.shelf, parcel_id, at) if is_inside else [],
        "notices": notices_of_stays([parcel_id]).get(parcel_id, []),
        "others": other_stations(card) if is_inside and not card.is_mirror else [],
        "refused": refused,
        "done": request.GET.get("done", "")[:10],
    }
    return show(request, viewer, card, "parcel", values, status=status)


def _neighbours(card: StationCard, shelf: str, parcel_id: int, at: datetime) -> list[object]:
    """Who stands on the same layer: likely to be taken for it."""
    if not shelf:
        return []
    page = list_stays(card, state="INSIDE", q=shelf, limit=8, at=at)
    return [line for line in page.items if line.parcel_id != parcel_id and line.shelf == shelf]


@station_page
@require_POST
def move(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """Onto another shelf: 12-3 typed or scanned from its sticker."""
    shelf, _dash, layer = request.POST.get("place", "").strip().upper().rpartition("-")

    def act() -> None:
        if not (layer.isascii() and layer.isdigit() and len(layer) < 3):
            raise Invalid([("/place", "unknown_shelf", "写成 12-3 这样：货架号-第几层")])
        move_parcel(card=card, parcel_id=parcel_id, shelf=shelf, layer=int(layer), by=viewer, at=now())

    return _done(request, viewer, card, parcel_id, act, "moved")


@station_page
@require_POST
def keep(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """The person asked at the counter or by telephone to keep it longer."""
    get_stay(card, parcel_id, at=now())

    def act() -> None:
        until = _moment(request.POST.get("until", ""))
        extend_keeping(card=card, parcel_id=parcel_id, until=until, by=viewer, at=now())

    return _done(request, viewer, card, parcel_id, act, "kept")


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        found = None
    if found is None:
        raise Invalid([("/until", "missing_field", "选一天")])
    return found


@station_page
@require_POST
def send(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """The code once more: he never got it."""
    at = now()
    if get_stay(card, parcel_id, at=at).state != "INSIDE":
        raise NotFound()

    def act() -> None:
        send_pickup_again(parcel_id=parcel_id, at=at)
        note_sent_again(card=card, parcel_id=parcel_id, by=viewer, at=at)

    return _done(request, viewer, card, parcel_id, act, "sent")


@station_page
@require_POST
def phone(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """Read off the label after all: its person hears at once."""
    at, said = now(), request.POST

    def act() -> None:
        name = said.get("person", "").strip()[:41]
        number = said.get("phone", "")[:40]
        set_phone(card=card, parcel_id=parcel_id, phone=number, person_name=name, by=viewer, at=at)
        send_pickup_again(parcel_id=parcel_id, at=at)

    return _done(request, viewer, card, parcel_id, act, "sent")


@station_page
@require_POST
def on(request: HttpRequest, viewer: Viewer, card: StationCard, parcel_id: int) -> HttpResponse:
    """It goes to another station."""
    to_station = request.POST.get("to", "")[:40]

    def act() -> None:
        move_on(card=card, parcel_id=parcel_id, to_station=to_station, by=viewer, at=now())

    return _done(request, viewer, card, parcel_id, act, "on")


def _done(
    request: HttpRequest,
    viewer: Viewer,
    card: StationCard,
    parcel_id: int,
    act: Callable[[], None],
    done: str,
) -> HttpResponse:
    """Back to the parcel with what was done, or its page again with why it was not."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, card, parcel_id, status=refusal.status, refused=words_of(refusal))
    return HttpResponseRedirect(f"{reverse('station:parcel', args=[card.code, parcel_id])}?done={done}")
