"""Who asks with bad words, and how an answer is judged."""

from itertools import count

from django.test import Client

from tests.security.conftest import PARCEL
from tests.security.words import CHOICES, CRASHING, WORDS, is_executed
from yishi.cases.models.case import Case

FORM = "application/x-www-form-urlencoded"
_callers = count(1)


def anybody() -> Client:
    """A consumer at an address of his own: limits by address are tested elsewhere."""
    number = next(_callers)
    return Client(
        REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        raise_request_exception=False,
    )


def staff(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def faults(answers):
    """Those that crashed or let markup through, shortened."""
    return [
        (what, answer.status_code)
        for what, answer in answers
        if answer.status_code >= 500
        or ("html" in answer.get("Content-Type", "") and is_executed(_text(answer)))
    ]


def _text(answer) -> str:
    return answer.content.decode("utf-8", "replace")


def with_each_word(fields):
    """(field, name of the word, the fields so changed): one field, or all for what only hurts a reader."""
    for name, word in WORDS.items():
        if name in CRASHING:
            yield from ((field, name, {**fields, field: word}) for field in fields)
        else:
            yield "all", name, {field: value if field in CHOICES else word for field, value in fields.items()}


def pages_of(place, world):
    """Every page on which somebody reads what others wrote."""
    owner = staff(world.owner)
    for case_no in Case.objects.values_list("case_no", flat=True):
        yield case_no, owner.get(f"/desk/cases/{case_no}")
    for address in ("/desk/?view=outlet", "/manage/", "/manage/notices", "/manage/people", f"/t/{PARCEL}"):
        yield address, owner.get(address)
