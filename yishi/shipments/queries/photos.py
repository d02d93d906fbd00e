"""Photos that couriers took at the doors of parcels."""

from uuid import UUID

from yishi.kit.errors import NotFound
from yishi.kit.models import StoredFile
from yishi.shipments.queries.parcels import list_contacts


def access_door_photo(*, shipment_id: int, file_id: UUID) -> StoredFile:
    """A photo that a courier took at the door of this parcel; the caller came by the parcel's door. Raises
    NotFound."""
    if str(file_id) not in {made.file_id for made in list_contacts(shipment_id)}:
        raise NotFound()
    found = StoredFile.objects.filter(pk=file_id).first()
    if found is None:
        raise NotFound()
    return found
