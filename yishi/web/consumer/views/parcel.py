"""The parcel: where it is, who has it, by when, what can be done. A stranger sees states and cities only; who
proved the consignee's phone sees the carrier's whole words and where it goes."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yishi.detection.queries.events import event_of_parcel
from yishi.feeds.actions.follow import follow_looked_up
from yishi.kit import clock
from yishi.kit.personal import mask_phone
from yishi.network.queries import carrier_names
from yishi.network.rules import short_name
from yishi.notifications.queries.pickups import notices_of_stays
from yishi.shipments.queries.choices import agreed_time
from yishi.shipments.queries.lines import find_own_shipment
from yishi.shipments.queries.pickup import pickup_codes_of
from yishi.shipments.queries.public import get_public_shipment
from yishi.shipments.queries.recognition import recognise
from yishi.shipments.rules.numbers import is_mobile, numbers_in
from yishi.shipments.rules.recognition import clear_winner, likely
from yishi.shipments.rules.waybills import normalise_waybill_no
from yishi.stations.queries.waiting import own_stay
from yishi.web.consumer import stories, words
from yishi.web.consumer.doors import check_look_up, poster_of, proven_phone
from yishi.web.consumer.views.look_up import look_up_page
from yishi.web.shared.live import live_url
from yishi.web.shared.times import range_words


@require_safe
def parcel(request: HttpRequest, waybill_no: str) -> HttpResponse:
    """The page of one parcel; an unknown number leads back to the look-up, and never bars a complaint."""
    at = clock.now()
    check_look_up(request, at, [waybill_no])
    number = normalise_waybill_no(waybill_no)
    if number is None:
        return look_up_page(request, asked=waybill_no, unknown=waybill_no[:64])
    if number != waybill_no:
        return redirect("consumer:parcel", waybill_no=number)
    carrier = request.GET.get("carrier", "")[:40]
    found = get_public_shipment(number, carrier or None, at=at)
    if found is None:
        thought = recognise(number, at=at)
        # enqueued only, and never a telephone number: that is nobody else's business
        if not carrier and not is_mobile(number) and numbers_in(number) == [number]:
            follow_looked_up(waybill_no=number, carrier=clear_winner(thought), at=at)
        maybe = [short_name(each.carrier) for each in likely(thought)]
        return look_up_page(request, asked=number, unknown=number, maybe=maybe)
    phone = proven_phone(request)
    own = find_own_shipment(phone=phone, public=found) if phone else None
    found = own.public if own else found
    stay = own_stay(found.shipment_id, phone) if phone else None
    names, agreed = carrier_names(), agreed_time(found.shipment_id, at=at)
    context = {
        "at": at,
        "parcel": found,
        "own": own,
        "own_mask": mask_phone(phone) if own else "",
        "pickup_codes": pickup_codes_of(found.shipment_id, phone) if phone else (),
        "stay": stay,
        "token": stay.token if stay else "",
        "told": notices_of_stays([stay.parcel_id]).get(stay.parcel_id, []) if stay else [],
        "agreed": agreed,
        "agreed_words": range_words(agreed.from_at, agreed.until_at, at) if agreed else "",
        "event": event_of_parcel(found.shipment_id),
        "story": stories.tell(found, at),
        "acts": words.ACTS.get(found.milestone, words.ACTS["UNKNOWN"]),
        "tail": urlencode({k: v for k, v in (("carrier", carrier), ("o", poster_of(request))) if v}),
        "carrier_name": names.get(found.carrier, ""),
        "also": [(code, names.get(code, code)) for code in found.also_carriers],
        "here": request.get_full_path(),
        "is_english": get_language() == "en",
        "live_url": live_url([f"shipment:{found.shipment_id}"], viewer="public"),
    }
    return render(request, "consumer/parcel.html", context)
