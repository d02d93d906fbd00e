"""The files of a pack of proof: listed with kind, time, length, hash and who; words printed, the rest beside.

What paper cannot hold (recordings, videos, other documents) goes with the PDF in one ZIP, under the number
that the list gives it.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yishi.cases.models.case import Case
from yishi.cases.models.history import Author, Evidence, EvidenceKind
from yishi.cases.rules.audiences import INTERNAL, PUBLIC, audiences_read_by
from yishi.kit.files import Quarantined, StillScanning, open_file
from yishi.kit.paper import Paper
from yishi.kit.personal import without_phones
from yishi.kit.sound import seconds_of
from yishi.people.queries import staff_names
from yishi.shipments.queries.eta import zone

MOST_WORDS = 20_000
"""Signs of one log that are printed; the rest is in the kept original."""
MOST_BYTES = 100 * 1024 * 1024
"""Of files beside the PDF: a pack must still go through a portal of somebody else."""
WORDS = "text/plain"


@dataclass(frozen=True)
class Piece:
    """One file of the case as the pack shows it. `beside`: its bytes lie beside the PDF; `missing` says why
    they do not although paper cannot hold them."""

    number: int
    proof: Evidence
    author: str
    words: str = ""
    picture: bytes = b""
    beside: bytes = b""
    seconds: int | None = None
    missing: str = ""

    @property
    def name(self) -> str:
        """Its name in the ZIP: the number of the list first, so that the two find each other."""
        kept = "".join("_" if sign in '\\/:*?"<>|' else sign for sign in self.proof.file.name)
        return f"{self.number:02d}-{kept}"


def pieces_of(case: Case, audience: str) -> list[Piece]:
    """Proof of the outlet goes to readers outside as well, that of head office alone does not."""
    seen = audiences_read_by(INTERNAL if audience == PUBLIC else audience)
    rows = Evidence.objects.filter(case=case, entry__audience__in=seen).select_related("file")
    found = list(rows.order_by("id"))
    ids = [one.author_id for one in found if one.author_id is not None]
    names = {} if audience == PUBLIC else staff_names(ids)
    pieces: list[Piece] = []
    left = MOST_BYTES
    for number, one in enumerate(found, 1):
        author = names.get(one.author_id or 0) or str(Author(one.author_kind).label)
        piece = _piece(number, one, author, left)
        left -= len(piece.beside)
        pieces.append(piece)
    return pieces


def _piece(number: int, one: Evidence, author: str, left: int) -> Piece:
    try:
        if one.file.has_thumbnail:
            return Piece(number, one, author, picture=open_file(one.file, thumbnail=True))
        body = open_file(one.file)
    except FileNotFoundError:
        return Piece(number, one, author, missing=_("过了保存期，原件已删"))
    except StillScanning:
        return Piece(number, one, author, missing=_("还在查毒，没有放进来"))
    except Quarantined:
        return Piece(number, one, author, missing=_("有病毒，已隔离，没有放进来"))
    if one.file.content_type == WORDS:
        return Piece(number, one, author, words=body.decode(errors="replace"))
    seconds = seconds_of(body, one.file.content_type)
    if len(body) > left:
        return Piece(number, one, author, seconds=seconds, missing=_("太大，没有放进来，可以单独要"))
    return Piece(number, one, author, beside=body, seconds=seconds)


def print_pieces(paper: Paper, pieces: Sequence[Piece]) -> None:
    """The list with hashes, the pictures, and every log in full."""
    paper.heading(_("七、照片、录音、聊天记录与文件"))
    if not pieces:
        paper.text(_("没有文件。"))
        return
    pictures = [(one.picture, _("附件 %(n)d") % {"n": one.number}) for one in pieces if one.picture]
    if pictures:
        paper.pictures(pictures)
    head = [_("附件"), _("类型"), _("时间"), _("长短"), _("谁给的"), _("文件名")]
    paper.table(head, [_row(one) for one in pieces], [2, 3, 4, 3, 3, 7])
    hashes = [[str(one.number), bytes(one.proof.file.sha256).hex()] for one in pieces]
    paper.table([_("附件"), "SHA-256"], hashes, [2, 20])
    paper.note(_("SHA-256 是文件收到、去掉照片位置信息之后的指纹；原件留存在系统里，可以逐一核对。"))
    paper.note(_("时间是拍摄或通话的；没有写的，是收到的时间。"))
    for one in pieces:
        if one.words:
            _print_words(paper, one)
    beside = sum(bool(one.beside) for one in pieces)
    if beside:
        said = ngettext(
            "有 %(n)d 个文件印不出来，原件在同一个压缩包里，文件名以附件号开头。",
            "有 %(n)d 个文件印不出来，原件在同一个压缩包里，文件名以附件号开头。",
            beside,
        )
        paper.note(said % {"n": beside})
    for one in pieces:
        if one.missing:
            paper.note(_("附件 %(n)d：%(why)s。") % {"n": one.number, "why": one.missing})


def _row(one: Piece) -> list[str]:
    file = one.proof.file
    moment = (one.proof.taken_at or one.proof.at).astimezone(zone())
    return [
        str(one.number),
        str(EvidenceKind(one.proof.kind).label),
        f"{moment:%Y-%m-%d %H:%M}",
        _length(one),
        one.author,
        without_phones(file.name),
    ]


def _length(one: Piece) -> str:
    if one.seconds is not None:
        return _("%(minutes)d 分 %(seconds)02d 秒") % {
            "minutes": one.seconds // 60,
            "seconds": one.seconds % 60,
        }
    if one.words:
        return ngettext("%(n)d 字", "%(n)d 字", len(one.words)) % {"n": len(one.words)}
    return f"{max(1, one.proof.file.size // 1024)} KB"


def _print_words(paper: Paper, one: Piece) -> None:
    """A log as it was kept, telephone numbers hidden."""
    kind = str(EvidenceKind(one.proof.kind).label)
    paper.heading(_("附件 %(n)d：%(kind)s") % {"n": one.number, "kind": kind})
    shown = without_phones(one.words[:MOST_WORDS])
    for line in shown.splitlines():
        if line.strip():
            paper.text(line)
    if len(one.words) > MOST_WORDS:
        paper.note(_("只印了前 20,000 字，余下的在留存的原件里。"))


def zipped(pdf_name: str, pdf: bytes, pieces: Sequence[Piece], *, at: datetime) -> bytes:
    """The PDF and the files beside it. Deterministic for a moment."""
    out = io.BytesIO()
    stamp = at.astimezone(zone()).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(pdf_name, stamp), pdf)
        for one in pieces:
            if one.beside:
                archive.writestr(zipfile.ZipInfo(one.name, stamp), one.beside)
    return out.getvalue()
