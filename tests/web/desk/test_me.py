"""A shared machine: handed over by PIN within one outlet, and nothing else."""

from django.test import Client

from tests.web.desk.conftest import browser
from tests.world import PASSWORD, PIN, World
from yishi.people.models import User


def who(client: Client) -> int:
    return int(client.session["_auth_user_id"])


def test_a_colleague_takes_over_by_pin(world: World) -> None:
    client = browser(world.lin)
    assert "周站长" in client.get("/desk/me").content.decode()
    assert client.post("/desk/switch", {"username": "zhou", "pin": PIN})["Location"] == "/desk/"
    assert who(client) == world.zhou.pk


def test_a_wrong_pin_changes_nothing(world: World) -> None:
    client = browser(world.lin)
    answer = client.post("/desk/switch", {"username": "zhou", "pin": "000001"})
    assert answer.status_code == 403 and "PIN 不对" in answer.content.decode()
    assert who(client) == world.lin.pk


def test_nobody_of_another_outlet_can_take_over(world: World) -> None:
    client = browser(world.lin)
    assert "何客服" not in client.get("/desk/me").content.decode()
    assert client.post("/desk/switch", {"username": "he", "pin": PIN}).status_code == 403
    assert who(client) == world.lin.pk


def test_setting_a_pin_asks_the_password(world: World) -> None:
    client, old = browser(world.lin), User.objects.get(pk=world.lin.pk).pin_hash
    wrong = client.post("/desk/pin", {"password": "nope", "pin": "2468", "again": "2468"})
    differs = client.post("/desk/pin", {"password": PASSWORD, "pin": "2468", "again": "2469"})
    assert wrong.status_code == 401 and differs.status_code == 422
    assert User.objects.get(pk=world.lin.pk).pin_hash == old
    right = client.post("/desk/pin", {"password": PASSWORD, "pin": "2468", "again": "2468"})
    assert right.status_code == 302
    assert User.objects.get(pk=world.lin.pk).pin_hash != old
