"""What the assistant understands with is made before any test's transaction begins: that takes a while."""

import pytest

from yishi.assistant.queries.model import release_model


@pytest.fixture(autouse=True, scope="session")
def understanding():
    assert release_model() is not None
