"""A real edge process on loopback, on the test's database."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from tests.edge.process import free_port, running_edge


@pytest.fixture(scope="module")
def edge(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """The address of the edge."""
    with running_edge(free_port()) as address:
        yield address


@pytest.fixture
def outside(edge: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Another session of the same database, so that a notice is committed."""
    values = connection.get_connection_params()
    wanted = {k: values[k] for k in ("dbname", "user", "password", "host", "port") if values.get(k)}
    with psycopg.connect(**wanted, autocommit=True) as session:
        yield session
