"""Which account opens which courier's page, as the outlet's manager sets it."""

import pytest

from tests.web.desk.conftest import browser
from tests.world import World, add_person
from yishi.network.models import Courier
from yishi.people.rules import Role

pytestmark = pytest.mark.django_db


def test_the_manager_links_his_couriers_to_their_accounts_and_nobody_elses(world: World) -> None:
    liu = add_person("liu", "刘师傅", Role.COURIER, "DS01")
    stranger = add_person("wai", "外人", Role.COURIER, "JN01")
    boss, mine = browser(world.zhou), {"courier": str(world.courier_id)}
    assert browser(liu).get("/courier/").status_code != 200
    page = boss.get("/manage/couriers").content.decode()
    assert "YT0001" in page and "刘师傅（liu）" in page and "外人" not in page
    assert boss.post("/manage/couriers", mine | {"user": str(stranger.pk)}).status_code == 404
    assert Courier.objects.get(pk=world.courier_id).user_id is None
    assert boss.post("/manage/couriers", mine | {"user": str(liu.pk)}).status_code == 302
    assert browser(liu).get("/courier/").status_code == 200
    other = Courier.objects.create(
        outlet_id=world.dongshan_id, name="马师傅", phone="1", phone_hash=b"1" * 16
    )
    taken = boss.post("/manage/couriers", {"courier": str(other.pk), "user": str(liu.pk)})
    assert taken.status_code == 409 and "已经连着另一位快递员" in taken.content.decode()
    assert boss.post("/manage/couriers", mine | {"user": ""}).status_code == 302
    assert Courier.objects.get(pk=world.courier_id).user_id is None
    assert browser(world.lin).get("/manage/couriers").status_code == 403
