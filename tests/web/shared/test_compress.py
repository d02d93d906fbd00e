"""Pages are compressed for who can read it; nothing else is touched."""

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_page_is_small_on_the_wire():
    page = Client().get("/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert gzip.decompress(page.content).startswith(b"<!doctype html>")
    assert len(page.content) < len(gzip.decompress(page.content)) * 0.7


def test_a_programs_answer_goes_as_it_is():
    answer = Client().get("/api/v1/public/shipments/YT6190000000001", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer
