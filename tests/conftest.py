"""What all tests share. The environment (keys, home, database) is made in `tests.environment`."""

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

if TYPE_CHECKING:
    from tests.world import World


def pytest_configure(config: pytest.Config) -> None:
    # pages are tested without `collectstatic`: plain names instead of the manifest's
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # the cast's passwords are made anew for each test; their strength is not what is tested
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that commits empties the tables after itself; what migrations shipped (promises) is put back."""
    for item in items:
        if {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(transaction=True))
        marker = item.get_closest_marker("django_db")
        if marker is not None and marker.kwargs.get("transaction"):
            marker.kwargs.setdefault("serialized_rollback", True)


@pytest.fixture
def world(db: None) -> "World":
    """The named cast of `tests.world`."""
    from tests.world import make_world

    return make_world()
