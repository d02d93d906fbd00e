"""Fixtures of the assistant's tests."""

import pytest

from yishi.assistant.queries.model import build_release


@pytest.fixture(scope="session", autouse=True)
def _model() -> None:
    """The release's model, made before any test's transaction begins (`make model` has done it already)."""
    build_release()
