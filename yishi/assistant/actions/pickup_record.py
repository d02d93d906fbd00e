"""A pickup code, and where it went, by the record: to whom, when, by which way, and what came of it."""

from zoneinfo import ZoneInfo

from django.conf import settings

from yishi.assistant.actions.telling import Done, Talk, parcel_of, values_of, words
from yishi.assistant.queries.policies import texts
from yishi.kit.errors import Refusal
from yishi.notifications.actions.pickups import send_pickup_again
from yishi.notifications.queries.pickups import PickupNotice, notices_of_stays
from yishi.shipments.queries.lines import find_own_shipment
from yishi.shipments.queries.pickup import pickup_codes_of
from yishi.stations.queries.waiting import own_stay

_LINES = 3


def tell_pickup(talk: Talk) -> Done:
    """Where it waits; the code itself only for the proven phone of this parcel."""
    parcel = parcel_of(talk)
    if parcel is None:
        return Done("unknown", {"waybill_no": talk.slots.get("parcel", "")}, is_done=False)
    values = values_of(parcel, talk)
    codes = pickup_codes_of(parcel.shipment_id, talk.phone) if talk.is_proven else ()
    if codes:
        newest = codes[0]
        place = " ".join(each for each in (newest.place, newest.address, newest.place_phone) if each)
        told = tell_where_it_went(talk, parcel.shipment_id)
        said = {**values, "code": newest.code, "place": place, "told": told}
        return Done("code_told" if told else "code", said, action="resend_code")
    if parcel.milestone == "AT_PICKUP_POINT":
        is_own = talk.is_proven and find_own_shipment(phone=talk.phone, public=parcel) is not None
        return Done("waits_own" if is_own else "waits", values)
    return Done("not_there", values)


def tell_where_it_went(talk: Talk, shipment_id: int) -> str:
    """What was sent of this parcel to whoever proved its phone; where the last one did not arrive it goes at
    once by the next way. '' where no station of ours holds it."""
    stay = own_stay(shipment_id, talk.phone)
    if stay is None or not stay.is_inside:
        return ""
    told = notices_of_stays([stay.parcel_id]).get(stay.parcel_id, [])
    lines = "".join(_line(one, talk) for one in told[:_LINES] if one.outcome != "WITHDRAWN")
    if not told or told[0].is_lost:
        lines += _again(talk, stay.parcel_id)
    return lines


def _line(one: PickupNotice, talk: Talk) -> str:
    at = (one.sent_at or one.created_at).astimezone(ZoneInfo(settings.ENVIRONMENT.time_zone))
    said = texts()["told_line"][talk.language]
    return said.format(
        at=f"{at:%m-%d %H:%M}",
        way=words("told_by", one.channel, talk),
        to=one.to_mask,
        outcome=words("told", one.outcome, talk),
    )


def _again(talk: Talk, parcel_id: int) -> str:
    try:
        send_pickup_again(parcel_id=parcel_id, is_person=True, at=talk.at)
    except Refusal:
        # asked too often, or there is no way to him: the code itself stands in the answer
        return ""
    newest = notices_of_stays([parcel_id])[parcel_id][0]
    said = texts()["told_again"][talk.language]
    return said.format(way=words("told_by", newest.channel, talk), to=newest.to_mask)
