"""The sample operator's own load: cut off and gone on with, signed in to, ended when told."""

import json
from datetime import timedelta

import pytest

from tests.sample.test_load import AT, SIZE, counts
from yishi.people.actions import sign_in
from yishi.sample import load
from yishi.sample.keep_moving import keep_moving
from yishi.sample.load import load_sample


@pytest.mark.django_db(transaction=True)
def test_everybody_can_sign_in(tmp_path):
    load_sample(home=tmp_path, at=AT, parcels=30, cases=0)
    users = json.loads((tmp_path / "demo.json").read_text())["users"]
    for person in users:
        user = sign_in(username=person["username"], password=person["password"], at=AT)
        assert user.role == person["role"].upper()
    assert len({person["role"] for person in users}) == 7


@pytest.mark.django_db
def test_a_load_that_was_cut_off_goes_on(tmp_path, monkeypatch):
    class CutOff(Exception):
        pass

    def cut_off(**values):
        raise CutOff

    monkeypatch.setattr(load, "write_demo_json", cut_off)
    with pytest.raises(CutOff):
        load_sample(home=tmp_path, at=AT, **SIZE)
    assert not (tmp_path / "demo.json").exists()
    before = counts()
    monkeypatch.undo()
    load_sample(home=tmp_path, at=AT + timedelta(minutes=5), **SIZE)
    assert counts() == before
    assert (tmp_path / "demo.json").exists()


@pytest.mark.django_db
def test_the_loop_ends_when_told(tmp_path):
    class Stop:
        def wait(self, seconds):
            return True

    keep_moving(tmp_path, stopping=Stop())
