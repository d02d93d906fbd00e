"""The roster's page: an outlet's manager keeps his own, nobody another's; what is wrong changes nothing."""

from django.test import Client

from tests.web.desk.conftest import browser
from tests.world import World
from yishi.network.models import DutyShift
from yishi.routing.models import Helper, Skill, Weights

SHIFT = {"starts": "00:00", "ends": "23:59", "weekday": list("0123456")}


def add(client: Client, outlet: str = "DS01", **values: object) -> int:
    return client.post(f"/manage/roster/{outlet}/add", {**SHIFT, **values}).status_code


def test_a_manager_puts_somebody_on_duty_and_takes_him_off(world: World) -> None:
    zhou = browser(world.zhou)
    assert "还没有排班" in zhou.get("/manage/roster").content.decode()
    assert add(zhou, user=world.lin.pk) == 302
    page = zhou.get("/manage/roster").content.decode()
    assert "林客服（值班）" in page and DutyShift.objects.count() == 7
    shift = DutyShift.objects.first()
    assert shift is not None
    assert zhou.post(f"/manage/roster/DS01/shifts/{shift.pk}/end").status_code == 302
    assert DutyShift.objects.count() == 6


def test_what_is_wrong_is_said_and_changes_nothing(world: World) -> None:
    zhou = browser(world.zhou)
    wrong: tuple[dict[str, object], ...] = (
        {"weekday": []}, {"ends": "00:00"}, {"starts": "x"}, {"date": "2026-13-01"},
    )  # fmt: skip
    assert [add(zhou, user=world.lin.pk, **one) for one in wrong] == [422] * 4
    # another outlet, and somebody of another outlet
    assert (add(zhou, "JN01", user=world.he.pk), add(zhou, user=world.he.pk)) == (404, 404)
    assert add(browser(world.lin), user=world.lin.pk) == 403
    assert not DutyShift.objects.exists()


def test_a_foreign_shift_stays(world: World) -> None:
    assert add(browser(world.owner), "JN01", user=world.he.pk) == 302
    shift = DutyShift.objects.first()
    assert shift is not None
    assert browser(world.zhou).post(f"/manage/roster/JN01/shifts/{shift.pk}/end").status_code == 404
    assert DutyShift.objects.count() == 7


def test_what_a_person_can_and_carries(world: World) -> None:
    zhou, where = browser(world.zhou), f"/manage/roster/DS01/people/{world.lin.pk}"
    assert (
        zhou.post(where, {"CATEGORY": ["DAMAGED"], "LANGUAGE": ["en"], "most_open": "5"}).status_code == 302
    )
    assert set(Skill.objects.values_list("kind", "value")) == {("CATEGORY", "DAMAGED"), ("LANGUAGE", "en")}
    assert "破损" in zhou.get("/manage/roster").content.decode()
    for wrong in ({"CATEGORY": ["NONSENSE"]}, {"most_open": "0"}, {"most_open": "many"}):
        assert zhou.post(where, wrong).status_code == 422
    assert zhou.post(f"/manage/roster/DS01/people/{world.he.pk}", {}).status_code == 404
    assert (Skill.objects.count(), Helper.objects.get().most_open) == (2, 5)


def test_weights_are_head_offices(world: World) -> None:
    good = {"category": 1, "case_class": 2, "language": 3, "knows": 4, "load": 5, "most_open": 6,
            "knows_days": 7, "accept_within": 8, "most_talks": 5}  # fmt: skip
    assert browser(world.zhou).post("/manage/roster/DS01/weights", good).status_code == 403
    quality = browser(world.quality)
    assert quality.post("/manage/roster/DS01/weights", {**good, "most_open": 0}).status_code == 422
    held = Weights.objects.filter(pk=1).first()
    assert held is None or held.accept_within == 120
    assert quality.post("/manage/roster/DS01/weights", good).status_code == 302
    assert Weights.objects.get(pk=1).accept_within == 8
