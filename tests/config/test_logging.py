"""Logs: one JSON object a line, no path, no exception text, no phone."""

import json
import logging

import pytest

from yishi.config.logging import PlainJson, WithoutPaths, route_of

SECRET = "19900000001"


def written(record):
    WithoutPaths().filter(record)
    return PlainJson().format(record)


def record_of(name, message, *args, **extra):
    record = logging.makeLogRecord({"name": name, "levelname": "ERROR", "msg": message, "args": args})
    record.__dict__.update(extra)
    return record


def failing():
    try:
        raise ValueError(f"王小明 {SECRET}")
    except ValueError as error:
        return (type(error), error, error.__traceback__)


def test_line_is_json_with_offset():
    line = json.loads(written(record_of("yishi.x", "it is so")))
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "yishi.x", "it is so")
    assert line["at"].endswith("+00:00")


def test_exception_without_its_text():
    text = written(record_of("yishi.x", "failed", exc_info=failing()))
    assert "ValueError" in text and "test_logging.py" in text
    assert SECRET not in text and "王小明" not in text


def test_text_of_another_handler_is_not_reused():
    record = record_of("yishi.x", "failed", exc_info=failing(), exc_text=f"ValueError: {SECRET}")
    assert SECRET not in written(record)


def test_phone_in_a_message_goes():
    assert SECRET not in written(record_of("yishi.x", f"call {SECRET}"))


def test_phone_in_arguments_goes():
    assert SECRET not in written(record_of("yishi.x", "call %s", SECRET))


def test_failed_request_is_named_by_its_route(rf):
    request = rf.get("/c/private-token")
    text = written(record_of("django.request", "Internal Server Error: %s", request.path, request=request))
    assert "private-token" not in text
    assert json.loads(text)["route"] == "unknown"


@pytest.mark.django_db
def test_access_log_has_the_route_only(client, caplog):
    with caplog.at_level(logging.INFO, logger="yishi.access"):
        answer = client.get(f"/health/live?phone={SECRET}")
    (line,) = [r for r in caplog.records if r.name == "yishi.access"]
    assert (line.route, line.method, line.status) == ("health/live", "GET", 200)
    assert SECRET not in str(line.__dict__)
    assert len(answer["X-Request-ID"]) == 32


def test_route_of_nothing_is_unknown(rf):
    assert route_of(rf.get("/secret")) == "unknown"
