"""The couriers who bring the parcels of an outlet, for whoever keeps its people."""

from dataclasses import dataclass

from yishi.kit.personal import mask_phone
from yishi.network.models import Courier
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class CourierLine:
    """A working courier with his numbers (brand, number) and the account that opens his page."""

    id: int
    name: str
    phone: str
    outlet_code: str
    outlet_name: str
    numbers: tuple[tuple[str, str], ...]
    user_id: int | None


def list_couriers(*, viewer: Viewer) -> list[CourierLine]:
    """Working couriers in sight by outlet, at most 500; telephones masked. Raises NotAllowed."""
    require(viewer, Permission.USERS_MANAGE)
    rows = Courier.objects.filter(within_scope(viewer, "outlet__code"), is_active=True)
    found = rows.select_related("outlet").prefetch_related("numbers__carrier").order_by("outlet__code", "pk")
    return [
        CourierLine(
            id=row.pk,
            name=row.name,
            phone=mask_phone(row.phone),
            outlet_code=row.outlet.code,
            outlet_name=row.outlet.name,
            numbers=tuple((one.carrier.code, one.number) for one in row.numbers.all()),
            user_id=row.user_id,
        )
        for row in found[:500]
    ]
