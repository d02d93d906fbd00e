"""Expected failures: a class whose docstring is the message, whose code and status are known."""

from collections.abc import Mapping
from typing import Any

import django.db
import psycopg
from django.utils.translation import gettext

DATABASE_AWAY = (
    django.db.OperationalError,
    django.db.InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
"""What a lost database raises, through Django or from a native statement. Edges answer 503: try again."""


class Refusal(Exception):
    """请求没有办成"""

    code = "refused"
    status = 409
    retry_after_s: int | None = None

    def __init__(self, **values: Any) -> None:
        super().__init__()
        self.values = values

    @property
    def title(self) -> str:
        """The docstring in the reader's language, with this failure's values filled in."""
        return gettext((self.__doc__ or "").strip()) % self.values

    @property
    def extra(self) -> Mapping[str, str]:
        """What programs read beside the words, where there is more to say."""
        return {}

    def __str__(self) -> str:
        return self.title


class NotFound(Refusal):
    """没有找到"""

    code = "not_found"
    status = 404


class NotAllowed(Refusal):
    """你的岗位不能做这件事"""

    code = "not_allowed"
    status = 403


class Stale(Refusal):
    """别人刚刚改过，请看一眼最新的再试"""

    code = "stale"
    status = 409


class Invalid(Refusal):
    """有一处要改"""

    code = "invalid"
    status = 422

    def __init__(self, errors: list[tuple[str, str, str]] | None = None, **values: Any) -> None:
        """`errors` are (JSON pointer, code, detail) of every field that is wrong."""
        super().__init__(**values)
        self.errors = errors or []


class TooMany(Refusal):
    """太频繁了，过一会儿再试"""

    code = "too_many"
    status = 429

    def __init__(self, retry_after_s: int, **values: Any) -> None:
        super().__init__(**values)
        self.retry_after_s = retry_after_s
