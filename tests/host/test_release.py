"""A restart skips migrations and static files only when nothing has changed."""

import psycopg
import pytest

from yishi.host import release


@pytest.fixture
def prepared(home, server):
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE django_migrations (id serial, applied timestamptz DEFAULT now())")
        connection.execute("INSERT INTO django_migrations DEFAULT VALUES")
    (home / "static").mkdir()
    release.note_prepared(home, server.url)
    return server.url


def test_nothing_to_do_after_it_was_done(home, prepared):
    assert release.is_prepared(home, prepared)


def test_a_fresh_home_is_not_prepared(home, server):
    assert not release.is_prepared(home, server.url)
    release.note_prepared(home, server.url)
    assert not release.is_prepared(home, server.url)


def test_another_database_is_not_prepared(home, prepared):
    with psycopg.connect(prepared) as connection:
        connection.execute("INSERT INTO django_migrations DEFAULT VALUES")
    assert not release.is_prepared(home, prepared)


def test_lost_static_files_are_made_again(home, prepared):
    (home / "static").rmdir()
    assert not release.is_prepared(home, prepared)


def test_changed_code_is_prepared_again(home, prepared, monkeypatch):
    monkeypatch.setattr(release, "_release", lambda: "the next release")
    assert not release.is_prepared(home, prepared)
