"""Recordings of calls: fetched after the fact by the one door, kept with their hash, played by whom they
concern; what does not come stays named."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings

from tests.fakes.sound_server import WAV, sound_server
from tests.world import START
from yishi.conversations.actions.accounts import add_account
from yishi.conversations.actions.calls import hear_call
from yishi.conversations.jobs import sweep_due_recordings
from yishi.conversations.models.calls import Recording
from yishi.conversations.models.talk import ChannelAccount
from yishi.conversations.port import CallNews
from yishi.kit.models import StoredFile
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db
PAGE = "/desk/telephone"


@pytest.fixture
def centre(monkeypatch):
    inside = replace(settings.ENVIRONMENT, webhook_networks=("127.0.0.0/8",))
    monkeypatch.setattr(settings, "ENVIRONMENT", inside)
    with sound_server() as fake:
        yield fake


@pytest.fixture
def named(world, centre):
    """`named(path)`: the call centre has named a recording of Dongshan's call."""

    def name(path="/r1.wav", plugin="voice", **more):
        given = {"secret": "s", "auth_token": "t", "media_url": centre.url, **more}
        add_account(code="line", plugin=plugin, settings=given, outlet="DS01", by=SYSTEM_VIEWER, at=START)
        url = path if "://" in path else centre.url + path
        for _time in range(2):
            news = CallNews("c1", "RECORDED", START, caller="19900000031", recording=url)
            hear_call(account=ChannelAccount.objects.get(), news=news, at=START)
        return Recording.objects.get()

    return name


def test_fetched_kept_and_played_in_its_outlet(named, centre, lin, he):
    one = named(media_token="bearer-1")
    assert "还没取来" in lin.get(PAGE).content.decode()
    assert sweep_due_recordings(at=START) == 1 and sweep_due_recordings(at=START) == 0
    one.refresh_from_db()
    assert bytes(one.file.intake_sha256) == hashlib.sha256(WAV).digest()
    assert one.file.retention_class == "EVIDENCE" and one.due_at is None
    assert centre.asked[0][1]["Authorization"] == "Bearer bearer-1"
    address = f"{PAGE}/recordings/{one.pk}"
    assert (
        f'src="{address}"' in lin.get(PAGE).content.decode() and address not in he.get(PAGE).content.decode()
    )
    whole, part = lin.get(address), lin.get(address, headers={"Range": "bytes=4-7"})
    assert (whole.content, whole["Content-Type"], part.status_code) == (WAV, "audio/wav", 206)
    assert part.content == WAV[4:8] and part["Content-Range"] == f"bytes 4-7/{len(WAV)}"
    assert lin.get(address, headers={"Range": "bytes=999-"}).status_code == 416
    assert he.get(address).status_code == 404


def test_one_that_is_not_written_yet_comes_later_or_is_given_up(named, centre, lin):
    one, at = named("/later.wav"), START
    assert sweep_due_recordings(at=at) == 0
    centre.answers["/later.wav"] = (200, "audio/wav", WAV)
    assert sweep_due_recordings(at=at + timedelta(seconds=29)) == 0
    assert sweep_due_recordings(at=at + timedelta(seconds=30)) == 1
    Recording.objects.update(file=None, due_at=at)
    del centre.answers["/later.wav"]
    for hour in range(0, 40):
        sweep_due_recordings(at=at + timedelta(hours=hour))
    one.refresh_from_db()
    assert one.due_at is None and one.failed_for == "answered 404" and one.reference.endswith("/later.wav")
    assert "没有取到" in lin.get(PAGE).content.decode()


def test_one_that_was_given_up_is_fetched_again_by_a_button(named, centre, lin, he, time_machine):
    time_machine.move_to(START, tick=False)
    one = named("/gone.wav")
    Recording.objects.update(due_at=None, failed_for="answered 404", tries=5)
    again = f"{PAGE}/recordings/{one.pk}/again"
    assert again in lin.get(PAGE).content.decode() and he.post(again).status_code == 404
    one.refresh_from_db()
    assert one.due_at is None
    assert "正在取" in lin.post(again, follow=True).content.decode()
    centre.answers["/gone.wav"] = (200, "audio/wav", WAV)
    assert sweep_due_recordings(at=START) == 1
    assert lin.post(again).status_code == 409


@pytest.mark.parametrize("bad", ["page", "too large", "our own house", "file", "leads inside", "round"])
def test_what_is_no_recording_or_lies_in_our_house_is_not_kept(named, centre, monkeypatch, bad):
    path = {"our own house": "http://localhost:1/r1.wav", "file": "file://x/etc/passwd"}.get(bad, "/bad")
    centre.answers["/bad"] = {
        "too large": (200, "audio/wav", WAV * 40),
        "leads inside": (302, "http://169.254.169.254/r1.wav", b""),
        "round": (302, f"{centre.url}/bad", b""),
    }.get(bad, (200, "audio/wav", b"<!doctype html><script>"))
    monkeypatch.setattr("yishi.plugins.common.recorded.MAX_BYTES", 1_000)
    if bad == "our own house":
        outside = replace(settings.ENVIRONMENT, webhook_networks=())
        monkeypatch.setattr(settings, "ENVIRONMENT", outside)
    one = named(path)
    assert sweep_due_recordings(at=START) == 0
    one.refresh_from_db()
    assert one.file is None and one.due_at is None and one.failed_for
    assert not StoredFile.objects.exists()


def test_a_login_goes_to_the_service_and_no_further(named, centre):
    with sound_server() as other:
        centre.answers["/rec/RE1.mp3"] = (302, f"{other.url}/r1.wav", b"")
        one = named("/rec/RE1", plugin="twiml", account_sid="AC1")
        assert sweep_due_recordings(at=START) == 1
    assert centre.asked[0][1]["Authorization"].startswith("Basic ")
    assert "Authorization" not in other.asked[0][1]
    one.refresh_from_db()
    assert one.file.content_type == "audio/wav"
