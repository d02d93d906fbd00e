"""Whose parcel it is, said by the keeper who has looked at the label again."""

from datetime import datetime

from django.db import transaction

from yishi.consignees.actions.contacts import keep_contact
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.personal import normalise_phone
from yishi.people.rules import Viewer
from yishi.stations.actions.marking import hashes_of
from yishi.stations.models.parcels import StationMove, StationParcel
from yishi.stations.queries.stations import INSIDE, StationCard


@transaction.atomic
def set_phone(
    *, card: StationCard, parcel_id: int, phone: str, person_name: str, by: Viewer, at: datetime
) -> None:
    """From now on it is fetched by this phone, and its person can be told; where one was known already it
    stays as it is: nobody's parcel becomes somebody else's. Raises NotFound, Invalid."""
    rows = StationParcel.objects.select_for_update().filter(pk=parcel_id, station_id=card.id, state=INSIDE)
    stay = rows.first()
    if stay is None:
        raise NotFound()
    plain = normalise_phone(phone)
    errors = []
    if not 7 <= len(plain) <= 20:
        errors.append(("/phone", "bad_phone", "写全手机号，11 位"))
    if len(person_name) > 40:
        errors.append(("/person", "too_long", "姓名最多 40 字"))
    if stay.phone_hash is not None:
        errors.append(("/phone", "taken", "这一件已经有手机号了"))
    if errors:
        raise Invalid(errors)
    whole, tail = hashes_of(plain)
    contact_id = keep_contact(phone=plain, name=person_name, at=at)
    rows.update(contact_id=contact_id, phone_hash=whole, tail_hash=tail)
    StationMove.objects.create(parcel=stay, kind="PHONE_SET", at=at, moved_by=by.label)
