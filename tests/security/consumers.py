"""Two persons without an account, each with a damaged parcel, an offer, proof, a talk and a code."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from tests.cases.making import opened, parcel
from tests.claims.making import BROKEN
from tests.security.conftest import photo
from tests.world import START, World
from yishi.cases.actions.evidence import add_evidence
from yishi.cases.actions.reply import consumer_reply
from yishi.claims.actions.approve import approve_claim, offer_claim
from yishi.claims.actions.propose import propose_claim
from yishi.claims.queries.proposals import proposal_of_case
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.receive import receive
from yishi.conversations.actions.say import say
from yishi.conversations.queries.threads import files_of
from yishi.conversations.rules import Channel
from yishi.kit.files import Upload, store_upload
from yishi.kit.ids import token_hash
from yishi.kit.models import StoredFile
from yishi.network.actions import ShipperTerms, keep_shipper
from yishi.network.queries import shipper_of
from yishi.notifications.actions.ahead import token_of
from yishi.notifications.actions.chains import Told, queue_chain
from yishi.notifications.actions.codes import send_code
from yishi.notifications.models import AheadNote, AheadParcel, Delivery
from yishi.notifications.queries.calls import status_url
from yishi.notifications.rules import Way
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.models.parcels import ShipmentDetails
from yishi.stations.actions.book_in import Arrival, book_in
from yishi.stations.actions.proxies import authorise
from yishi.stations.queries.stations import access_station
from yishi.stations.queries.waiting import pickup_token

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Things:
    """What one person holds (tokens, the code that was sent to him) and what stands behind it.

    `inside` is staff's own proof on his case, `held` a file that staff has not sent him yet.
    """

    case_no: str
    case_id: int
    case: str
    photo: str
    inside: str
    proposal: int
    talk: str
    talk_id: int
    message_id: int
    file: str
    held: str
    code: str
    waybill_no: str
    ahead: str
    call: str
    call_key: str
    shipper: str
    pickup: str
    proxy: str


def person(world: World, number: int) -> Things:
    """One of them; `number` tells them apart."""
    at, lin, waybill_no = START, world.viewer(world.lin), f"YT880000000000{number}"
    ref = parcel(outlet_id=world.dongshan_id, waybill_no=waybill_no)
    ShipmentDetails.objects.create(shipment_id=ref.id, updated_at=at)
    case = opened(world, ref=ref, category="DAMAGED", text=f"第 {number} 只杯子碎了")
    one = {"case_id": case.case_id, "at": at}
    mine, inside = _file(), _file()
    consumer_reply(**one, text="这张", files=[mine])
    add_evidence(**one, files=[inside], by=SYSTEM_VIEWER)
    claim = propose_claim(**one, said=BROKEN, by=lin)
    approve_claim(claim_id=claim, by=world.viewer(world.zhou), at=at)
    offer_claim(claim_id=claim, by=lin, at=at)
    offer = proposal_of_case(case.case_id)
    assert offer is not None
    code_id, _until = send_code(phone=f"1990000070{number}", at=at)
    return Things(
        case_no=case.case_no, case_id=case.case_id, case=case.token, photo=str(mine), inside=str(inside),
        proposal=offer.proposal_id, code=str(code_id), waybill_no=waybill_no, shipper=_shipper(number),
        **_talk(world, number),
        **_told_ahead(world, ref.id, number),
        **_waiting(number),
    )  # fmt: skip


def _told_ahead(world: World, shipment_id: int, number: int) -> dict:
    """A message ahead with its link, and the call by which it went out."""
    note = AheadNote.objects.create(
        contact_id=world.contact_id, person=b"%d" % number, day=START.date(), token_hash=b"%d" % number,
        told_at=START, from_at=START, until_at=START + HOUR, expires_at=START + 48 * HOUR,
    )  # fmt: skip
    AheadNote.objects.filter(pk=note.pk).update(token_hash=token_hash(token_of(note.pk)))
    AheadParcel.objects.create(note=note, shipment_id=shipment_id, day=START.date())
    told = Told(kind="AHEAD", subject_kind="AHEAD", subject_id=str(note.pk), values=dict.fromkeys(WORDS, "x"))
    call = queue_chain(told=told, ways=[Way("VOICE", f"1990000070{number}")], at=START)
    Delivery.objects.filter(notice_id=call).update(state="SENT", sent_at=START, due_at=None)
    key = status_url(str(call)).rpartition("/")[2]
    return {"ahead": token_of(note.pk), "call": str(call), "call_key": key}


def _shipper(number: int) -> str:
    """The token of a corporate shipper's own page."""
    terms = ShipperTerms(name=f"第 {number} 家公司", outlet_code="DS01")
    shipper = shipper_of(keep_shipper(terms=terms, by=SYSTEM_VIEWER))
    assert shipper is not None
    return shipper.link


def _waiting(number: int) -> dict:
    """A parcel at the station, and the link of whoever fetches it."""
    arrival = Arrival(waybill_no=f"YT770000000000{number}", phone=f"1990000080{number}")
    booked = book_in(station="ST01", arrival=arrival, by=SYSTEM_VIEWER, at=START)
    card = access_station(SYSTEM_VIEWER, "ST01")
    proxy = authorise(card=card, parcel_id=booked.parcel_id, proxy_name="老何", at=START)
    return {"pickup": pickup_token(booked.parcel_id), "proxy": proxy}


def _talk(world: World, number: int) -> dict:
    begun = begin_conversation(person=Person(channel=Channel.WEB), at=START)
    said = receive(conversation_id=begun.id, text=f"第 {number} 个人说的话", uploads=[_upload()], at=START)
    held = _file()
    say(
        conversation_id=begun.id, text="明天给你", files=[StoredFile.objects.get(pk=held)],
        send_at=START + HOUR, by=world.viewer(world.lin), at=START,
    )  # fmt: skip
    return {
        "talk": begun.token,
        "talk_id": begun.id,
        "message_id": said.message_id,
        "file": files_of(said.message_id)[0],
        "held": str(held),
    }


WORDS = ("operator", "window", "special", "other", "about", "link")
_sizes = count(1)


def _upload() -> Upload:
    return Upload(name="照片.jpg", content_type="image/jpeg", stream=photo(f"{next(_sizes)}.jpg"))


def _file() -> uuid.UUID:
    return store_upload(upload=_upload(), retention_class="EVIDENCE", at=START).id
