"""The telephone at the desk: a number in, the person's parcels and cases out; what was said; who rang."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yishi.cases.queries.cards import CaseLine, list_cases_of_contact
from yishi.consignees.queries import find_contact_ids, masked_contact, preferences_of_contact
from yishi.conversations.actions.calls import enter_call
from yishi.conversations.actions.recordings import fetch_again
from yishi.conversations.queries.calls import access_recording, answer_times, list_calls
from yishi.conversations.rules import Channel
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.files import open_file
from yishi.kit.personal import log_look, mask_phone, normalise_phone
from yishi.network.queries import carrier_names
from yishi.people.rules import Permission, Viewer
from yishi.shipments.queries.lines import list_parcels_of_phone
from yishi.web.desk.doors import staff_page
from yishi.web.desk.inbox_words import wished
from yishi.web.desk.page import desk_page, words_of
from yishi.web.desk.rows import rows_of
from yishi.web.shared.sounds import is_from_the_start, play
from yishi.web.shared.words import MILESTONES

_DAYS = 7
_MOST = 12


@staff_page(Permission.CASE_READ)
@require_safe
def telephone(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The calls of the last days and how soon they were answered; with `phone`, who rings."""
    return _page(request, viewer, phone=request.GET.get("phone", "")[:30])


def _page(
    request: HttpRequest, viewer: Viewer, *, phone: str, refusal: Refusal | None = None
) -> HttpResponse:
    at = now()
    plain = normalise_phone(phone)
    contacts = find_contact_ids(plain) if len(plain) >= 7 else []
    cases: list[CaseLine] = [
        case
        for contact_id in contacts
        for case in list_cases_of_contact(viewer=viewer, contact_id=contact_id)
    ]
    carriers = carrier_names()
    parcels = [
        (line, carriers.get(line.carrier, line.carrier), MILESTONES[line.milestone])
        for line in list_parcels_of_phone(viewer=viewer, phone=plain)[:_MOST]
    ]
    # a number that has nothing to do with us tells nobody's name
    person = contacts[0] if contacts and (parcels or cases) else None
    values = {
        "here": "telephone",
        "phone": phone,
        "masked": mask_phone(plain) if plain else "",
        "who": masked_contact(person).name if person else "",
        "wishes": [wished(one, at) for one in preferences_of_contact(person, at=at)] if person else [],
        "is_asked": bool(phone),
        "parcels": parcels,
        "rows": rows_of(cases[:_MOST], at=at),
        "calls": list_calls(viewer=viewer, most=40),
        "times": answer_times(viewer=viewer, since=at - timedelta(days=_DAYS), until=at),
        "days": _DAYS,
        "refused": words_of(refusal) if refusal else "",
        "may_write": viewer.may(Permission.CASE_WRITE),
        "said": request.POST.get("text", ""),
        "is_noting": "text" in request.POST,
        "is_done": request.GET.get("done") == "noted",
        "is_fetching": request.GET.get("done") == "again",
    }
    return desk_page(
        request, viewer, "desk/telephone.html", values, status=refusal.status if refusal else 200
    )


@staff_page(Permission.CASE_READ)
@require_safe
def recording(request: HttpRequest, viewer: Viewer, recording_id: int) -> HttpResponse:
    """What was said on the telephone, for whom the call is in sight; whoever listens is written down."""
    at = now()
    held = access_recording(viewer=viewer, recording_id=recording_id)
    try:
        body = open_file(held)
    except FileNotFoundError:
        raise NotFound from None
    if is_from_the_start(request):
        log_look(
            viewer=viewer.label,
            subject=f"recording:{recording_id}",
            field="sound",
            reason="",
            is_silent=True,
            at=at,
        )
    return play(request, body, content_type=held.content_type, file_name=held.name)


@staff_page(Permission.CASE_WRITE)
@require_POST
def again(request: HttpRequest, viewer: Viewer, recording_id: int) -> HttpResponse:
    """A recording that did not come is fetched once more."""
    try:
        fetch_again(recording_id=recording_id, by=viewer, at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, viewer, phone="", refusal=refusal)
    return HttpResponseRedirect(f"{reverse('desk:telephone')}?done=again")


@staff_page(Permission.CASE_WRITE)
@require_POST
def note_call(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What somebody said on a mobile or at the counter; nothing typed is lost when it is refused."""
    phone, text = request.POST.get("phone", "")[:30], request.POST.get("text", "")
    channel = Channel.WALK_IN if request.POST.get("channel") == Channel.WALK_IN else Channel.PHONE
    try:
        if channel == Channel.PHONE and len(normalise_phone(phone)) < 7:
            raise Invalid([("/phone", "bad_phone", "电话没看懂，再核对一下")])
        enter_call(
            caller=normalise_phone(phone),
            text=text,
            waybill_no=request.POST.get("waybill_no", "")[:40],
            channel=channel,
            by=viewer,
            at=now(),
        )
    except Refusal as refusal:
        return _page(request, viewer, phone=phone, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('desk:telephone')}?done=noted")
