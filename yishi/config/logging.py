"""Logs are one JSON object a line, on standard error, without personal data.

Texts of exceptions and paths of requests may hold names, phones or private links: an error is written
as its type and the places it passed, a request as its route.
"""

import contextlib
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="")

_NOT_READY_YET = ("health/ready", 503)  # an answer, not a failure; the access log has it

_Problem = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlainJson(JsonFormatter):
    """JSON lines; an exception without its text."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, ei: _Problem) -> str:
        kind, error, trace = ei
        places = "".join(f"{f.filename}:{f.lineno} {f.name}\n" for f in traceback.extract_tb(trace))
        return places + _name(kind, error)

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler's text, with the message in it, must not be reused
        return super().format(record)


def _name(kind: type[BaseException] | None, error: BaseException | None) -> str:
    """The type of an error, and what a database says of it beside the values."""
    name = kind.__name__ if kind else ""
    cause = error.__cause__ if error and error.__cause__ else error
    state = getattr(cause, "sqlstate", None)
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    return " ".join(part for part in (name, state, constraint) if part)


class WithoutPaths(logging.Filter):
    """Django names the path of a request that failed; the route is enough. Adds the request's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        from yishi.kit.personal import without_phones  # Django is being set up when this file is read

        if record.name.startswith(("django.request", "django.security", "django.server")):
            record.msg, record.args = "request failed", ()
        request = record.__dict__.pop("request", None)
        if request is not None:
            route = record.route = route_of(request)
            if (route, getattr(record, "status_code", 0)) == _NOT_READY_YET:
                return False
        if request_id.get():
            record.request_id = request_id.get()
        with contextlib.suppress(TypeError, ValueError):  # a message whose arguments do not fit it
            record.msg, record.args = without_phones(record.getMessage()), ()
        return True


def route_of(request: Any) -> str:
    """The template of the address (`t/<waybill_no>`), never what a person typed into it."""
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match else "unknown"


def logging_for(process: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error; refused requests are in the access log already."""
    quiet = {"level": "ERROR"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"plain": {"()": WithoutPaths}},
        "formatters": {"json": {"()": PlainJson}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["plain"]},
            "none": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "yishi": {"level": "WARNING" if process in {"cli", "test"} else "INFO"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": quiet,
            "django.security": quiet,
        },
    }
