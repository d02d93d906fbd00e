"""The home: marked, wiped only when marked, its state replaced in one step, its locks exclusive."""

import pytest

from yishi.host import home as home_folder
from yishi.host.errors import AlreadyUp, NotOurs


def test_wipe_only_what_is_ours(tmp_path):
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(NotOurs):
        home_folder.wipe_home(tmp_path)
    assert (tmp_path / "diary.txt").read_text() == "mine"


def test_wipe_keeps_the_mark(tmp_path):
    home_folder.make_home(tmp_path)
    (tmp_path / "database").mkdir()
    (tmp_path / "demo.json").touch()
    home_folder.wipe_home(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == [".yishi-home"]


def test_wipe_of_nothing(tmp_path):
    home_folder.wipe_home(tmp_path / "absent")
    home_folder.wipe_home(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_state_changes_and_removes(tmp_path):
    home_folder.write_state(tmp_path, web="a", pid=1)
    home_folder.write_state(tmp_path, pid=None, live="b")
    assert home_folder.read_state(tmp_path) == {"web": "a", "live": "b"}


@pytest.mark.parametrize("text", ["", "{", "[]", "7"])
def test_broken_state_is_no_state(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    assert home_folder.read_state(tmp_path) == {}


def test_second_lock_is_refused(tmp_path):
    busy = AlreadyUp(home=tmp_path)
    lock = tmp_path / "l"
    with home_folder.locked(lock, busy=busy), pytest.raises(AlreadyUp), home_folder.locked(lock, busy=busy):
        pass
    with home_folder.locked(tmp_path / "l", busy=busy):
        pass


def test_last_user_knows(tmp_path):
    with home_folder.sharing(tmp_path / "u") as first:
        with home_folder.sharing(tmp_path / "u") as second:
            assert not second.is_last()
        assert first.is_last()
