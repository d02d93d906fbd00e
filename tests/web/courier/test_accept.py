"""收件 at the courier's: without a reader of photos it says so, and nobody sees another's slip."""

import dataclasses

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.stories.slips import drawn
from tests.web.desk.conftest import browser
from tests.world import World, add_person
from yishi.config.worker import sweep_all
from yishi.kit import ocr
from yishi.kit.clock import now
from yishi.network.models import Courier
from yishi.people.rules import Role
from yishi.shipments.models.bookings import BookingSlip

PHOTO = "/courier/accept/photo"


def test_without_a_reader_the_page_says_so_and_nobody_else_sees_it(
    liu: Client, world: World, settings, tmp_path, monkeypatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, home=tmp_path, ocr_command="")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ocr.ocr_command.cache_clear()
    address = liu.post(PHOTO, {"photo": drawn()})["Location"]
    sweep_all(at=now())
    page = liu.get(address).content.decode()
    assert "没有装读字的程序" in page and 'name="receiver_phone"' in page
    ocr.ocr_command.cache_clear()

    mate = add_person("ma", "马师傅", Role.COURIER, "DS01")
    Courier.objects.filter(numbers__number="YT0002").update(user=mate)
    for path in (address, f"{address}/picture"):
        assert browser(mate).get(path).status_code == 404
    slip = BookingSlip.objects.get()
    assert browser(mate).post("/courier/accept", {"slip": slip.pk}).status_code == 404


def test_what_is_no_photo_is_refused_and_nothing_is_kept(liu: Client, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    bad = SimpleUploadedFile("slip.jpg", b"%PDF-1.4 no photo", "image/jpeg")
    for said in ({}, {"photo": bad}):
        answer = liu.post(PHOTO, said)
        assert answer.status_code in (415, 422) and 'name="photo"' in answer.content.decode()
    assert BookingSlip.objects.count() == 0
