"""What all tests share. The environment (keys, home, database) is made in `tests.environment`."""

import pytest
from django.conf import settings


def pytest_configure(config: pytest.Config) -> None:
    # pages are tested without `collectstatic`: plain names instead of the manifest's
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
