"""When something does not work: what happened, that nothing is lost, the way on."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.test import RequestFactory

from yishi.kit.errors import NotAllowed, NotFound, TooMany
from yishi.web.shared import errors


def request(path="/t/1", **headers):
    return RequestFactory().get(path, **headers)


def raised(exception, path="/t/1", **headers):
    return errors.ErrorPages(lambda _request: None).process_exception(request(path, **headers), exception)


@pytest.mark.parametrize("status", sorted(errors.PAGES))
def test_every_status_has_a_page_with_a_way_on(status):
    page = errors.error_page(request(), status)
    assert page.status_code == status
    assert str(errors.PAGES[status].title) in page.content.decode() and 'href="/"' in page.content.decode()


@pytest.mark.parametrize(
    ("exception", "status"),
    [(NotFound(), 404), (NotAllowed(), 403), (RequestDataTooBig(), 413), (OperationalError(), 503)],
)
def test_what_a_view_raises_becomes_a_page(exception, status):
    assert raised(exception).status_code == status


def test_a_refusal_says_when_to_come_back():
    assert raised(TooMany(retry_after_s=42)).headers["Retry-After"] == "42"


def test_the_unexpected_is_left_to_the_server_error_page():
    assert raised(ZeroDivisionError()) is None
    assert "是我们出了错" in errors.server_error(request()).content.decode()


def test_programs_answer_for_themselves():
    assert raised(NotFound(), "/api/v1/cases/1") is None


def test_htmx_gets_a_note_in_its_place():
    note = raised(NotAllowed(), headers={"HX-Request": "true"})
    assert note.headers["HX-Retarget"] == "#notes" and "<html" not in note.content.decode()


def test_an_old_form_is_told_in_plain_words():
    assert "没有收下这次提交" in errors.form_too_old(request()).content.decode()
