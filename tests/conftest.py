"""What all tests share. The environment (keys, home, database) is made in `tests.environment`."""

import contextlib
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings
from django.test import TransactionTestCase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker

    from tests.world import World


def pytest_configure(config: pytest.Config) -> None:
    # a busy machine is no counter-example: speed is measured in `bench`, never tested
    hypothesis.settings.register_profile("yishi", deadline=None)
    hypothesis.settings.load_profile("yishi")
    # pages are tested without `collectstatic`: plain names instead of the manifest's
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # servers that tests start collect into the real folder; nobody may read it half made
    settings.STATIC_ROOT = str(settings.STATIC_ROOT) + "-of-no-test"
    # the cast's passwords are made anew for each test; their strength is not what is tested
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that other connections look at commits what it writes."""
    for item in items:
        if {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> contextlib.ExitStack:
    """The tests' database is migrated as `yishi migrate` does it, until the stack is closed."""
    from yishi.kit.migrating import quick_states

    migrating = contextlib.ExitStack()
    migrating.enter_context(quick_states())
    return migrating


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: contextlib.ExitStack,
    django_db_setup: None,
    django_db_blocker: "DjangoDbBlocker",
) -> "Iterator[None]":
    """What migrations shipped is put back after each test that commits."""
    from tests import shipped, standing

    django_db_modify_db_settings.close()
    with django_db_blocker.unblock():
        shipped.remember()
    TransactionTestCase._fixture_teardown = lambda case: shipped.put_back()  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        standing.take_down()


@pytest.fixture
def standing_cast(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: "DjangoDbBlocker"
) -> None:
    """The cast stands before the transaction of a test that asks for it, and before no other's."""
    from tests import standing

    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    with django_db_blocker.unblock():
        if "world" in request.fixturenames and not commits:
            standing.stand()
        else:
            standing.take_down()


@pytest.fixture
def _django_db_helper(standing_cast: None, _django_db_helper: None) -> None:
    """pytest-django's own, which opens the test's transaction: inside the cast's."""


@pytest.fixture
def world(db: None) -> "World":
    """The named cast of `tests.world`."""
    from tests.standing import the_world

    return the_world()
