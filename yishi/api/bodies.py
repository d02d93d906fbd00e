"""Reading what came in: JSON bodies, and the one multipart form that the API knows."""

import json
from datetime import datetime
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from pydantic import BaseModel, ValidationError

from yishi.api.problems import field_error
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.files import Upload

T = TypeVar("T", bound=BaseModel)


class Unreadable(Refusal):
    """内容读不懂，应该是 UTF-8 的 JSON"""

    code = "unreadable"
    status = 400


class WrongType(Refusal):
    """不支持这种内容类型"""

    code = "unsupported_type"
    status = 415


def checked(schema: type[T], text: str | bytes) -> T:
    """The body as its schema. Unreadable for what is no JSON object, Invalid with a pointer a field."""
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable() from None
    if not isinstance(data, dict):
        raise Unreadable()
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        raise Invalid([field_error(dict(e)) for e in error.errors()]) from None


def read_with_files(
    request: HttpRequest, schema: type[T], *, part: str, files: str
) -> tuple[T, list[Upload]]:
    """A JSON body, or multipart with one part of JSON and any number of files."""
    if request.content_type == "application/json":
        return checked(schema, request.body), []
    if request.content_type != "multipart/form-data":
        raise WrongType()
    sent = request.FILES.get(part)
    text = sent.read() if isinstance(sent, UploadedFile) else request.POST.get(part, "")
    return checked(schema, text), [upload_of(file) for file in request.FILES.getlist(files)]


def upload_of(file: "UploadedFile[Any]") -> Upload:
    return Upload(name=file.name or "", content_type=file.content_type or "", stream=file)


def read_moment(text: str, *, pointer: str) -> datetime | None:
    """A moment as a form names it (RFC 3339 with offset), None for none. Invalid with the pointer."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year < 1970:
        raise Invalid([(pointer, "bad_time", "时间要带时区，例如 2026-11-22T10:00:00+08:00")])
    return moment
