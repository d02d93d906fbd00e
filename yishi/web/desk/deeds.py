"""Something done to a case from its page: back to it with a word, or the page again with the refusal."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yishi.cases.queries.cards import CaseCard, access_case
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed, NotFound, Refusal
from yishi.people.rules import Viewer
from yishi.web.desk.case import case_page

Deed = Callable[[CaseCard, datetime], object]


def do_on_case(
    request: HttpRequest,
    viewer: Viewer,
    case_no: str,
    deed: Deed,
    *,
    done: str = "",
    step: str = "",
    anchor: str = "",
    after: str = "",
    is_whole: bool = True,
) -> HttpResponse:
    """Does it in one transaction; a refusal shows the page again, at `step`, with everything that was typed.

    `done` is the word said afterwards (or what the deed returns), `after` the case to go on with; the
    worklist where it is no longer in sight. With `is_whole` false the deed opens its own transaction, after
    files were read.
    """
    case, at = access_case(viewer=viewer, case_no=case_no), now()
    try:
        with transaction.atomic() if is_whole else nullcontext():
            result = deed(case, at)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return case_page(request, viewer, case_no, step=step, refusal=refusal)
    word = done or (result if isinstance(result, str) else "")
    query = f"?done={word}" if word else ""
    try:
        access_case(viewer=viewer, case_no=after or case_no)
    except NotFound:
        return HttpResponseRedirect(f"{reverse('desk:worklist')}{query}")
    address = reverse("desk:case", args=[after or case_no])
    return HttpResponseRedirect(f"{address}{query}{f'#{anchor}' if anchor else ''}")
