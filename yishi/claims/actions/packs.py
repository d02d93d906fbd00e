"""Packs of proof: a small one is made at once, a large one by the worker."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation

from yishi.cases.actions.hold import check_may, hold_case
from yishi.cases.rules.audiences import PUBLIC, audience_of
from yishi.claims.actions.hold import tell
from yishi.claims.models.arbitration import EvidencePack, PackState
from yishi.kit.files import store_document
from yishi.kit.live import nudge
from yishi.people.rules import Permission, Viewer

_SMALL_FILES, _SMALL_EVENTS = 6, 100
_MOST_TRIES = 3


@transaction.atomic
def ask_pack(*, case_id: int, is_for_outside: bool, by: Viewer, at: datetime) -> int:
    """Asks for a PDF for readers outside (PUBLIC), or of the house, with what the asker may read; its id.

    While one waits, asking again is the same. Raises NotAllowed, NotFound.
    """
    check_may(by, Permission.CASE_WRITE)
    audience = PUBLIC if is_for_outside else audience_of(by)
    case = hold_case(case_id=case_id)
    waiting = EvidencePack.objects.filter(case=case, audience=audience, state=PackState.WAITING).first()
    if waiting is not None:
        return waiting.pk
    pack = EvidencePack.objects.create(
        case=case, audience=audience, due_at=at, asked_by=by.user_id, asked_at=at
    )
    tell(case, "EVIDENCE_PACK", by=by, at=at, inside={"audience": audience})
    from yishi.claims.queries.packs import pack_size  # with all that makes a PDF

    files, events = pack_size(case)
    if files <= _SMALL_FILES and events <= _SMALL_EVENTS:
        make_pack(pack_id=pack.pk, at=at)
    return pack.pk


@transaction.atomic
def make_pack(*, pack_id: int, at: datetime) -> None:
    """Writes the PDF of a waiting pack and keeps it encrypted with the case's proof."""
    pack = EvidencePack.objects.select_for_update().get(pk=pack_id)
    if pack.state != PackState.WAITING:
        return
    with translation.override("zh-hans"):
        from yishi.claims.queries.packs import write_pack

        written = write_pack(pack.case_id, audience=pack.audience, at=at)
    pack.file = store_document(
        name=written.name,
        content_type=written.content_type,
        body=written.body,
        retention_class="EVIDENCE",
        at=at,
    )
    pack.state, pack.due_at = PackState.READY, None
    pack.save(update_fields=["file", "state", "due_at"])
    _say_how_it_stands(pack)


@transaction.atomic
def put_off(*, pack_id: int, at: datetime) -> None:
    """After a failed try: again in a minute, and after three tries no more, which the page says."""
    pack = EvidencePack.objects.select_for_update().get(pk=pack_id)
    pack.tries += 1
    is_over = pack.tries >= _MOST_TRIES
    pack.state = PackState.FAILED if is_over else PackState.WAITING
    pack.due_at = None if is_over else at + timedelta(minutes=1)
    pack.save(update_fields=["tries", "state", "due_at"])
    if is_over:
        _say_how_it_stands(pack)


def _say_how_it_stands(pack: EvidencePack) -> None:
    """The pages of the case show it without being asked, and so does whatever its asker looks at."""
    asker = [f"user:{pack.asked_by}"] if pack.asked_by else []
    nudge(f"case:{pack.case.case_no}", *asker)
