"""A case as proof on paper: parcel, trace, calls, photos, messages, finding, money, hashes of the files.

Personal data is masked for readers outside; staff of head office read the internal lines as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yishi.cases.models.case import Case, Category, Validity
from yishi.cases.models.history import Evidence
from yishi.cases.queries.history import list_timeline
from yishi.cases.rules.audiences import PUBLIC
from yishi.claims.models.arbitration import Arbitration
from yishi.claims.models.claim import Claim
from yishi.claims.queries.pack_files import pieces_of, print_pieces, zipped
from yishi.claims.queries.proposals import reasons_of
from yishi.claims.rules.money import yuan
from yishi.kit.paper import Paper
from yishi.kit.personal import mask_address, mask_name, mask_phone, without_phones
from yishi.network.queries import carrier_names
from yishi.shipments.models.parcels import ShipmentDetails, TrackingEvent
from yishi.shipments.queries.eta import zone
from yishi.shipments.queries.parcels import list_contacts
from yishi.shipments.rules.redaction import for_strangers

MOST_EVENTS = 300


@dataclass(frozen=True)
class Written:
    """A pack as a file: a PDF, or a ZIP of it and of what paper cannot hold."""

    name: str
    content_type: str
    body: bytes


def write_pack(case_id: int, *, audience: str, at: datetime) -> Written:
    """The pack. Deterministic in content for a moment; only reading."""
    case = Case.objects.select_related("contact", "outlet", "shipment").get(pk=case_id)
    paper = Paper(
        title=_("举证材料 · 工单 %(no)s") % {"no": case.case_no},
        foot=_("驿使 · 工单 %(no)s · %(at)s 生成") % {"no": case.case_no, "at": _moment(at)},
    )
    _parcel(paper, case)
    _judgement(paper, case)
    _money(paper, case)
    _trace(paper, case)
    _contacts(paper, case)
    _history(paper, case, audience)
    pieces = pieces_of(case, audience)
    print_pieces(paper, pieces)
    name, pdf = f"evidence-{case.case_no}", paper.pdf()
    if not any(one.beside for one in pieces):
        return Written(f"{name}.pdf", "application/pdf", pdf)
    return Written(f"{name}.zip", "application/zip", zipped(f"{name}.pdf", pdf, pieces, at=at))


def _parcel(paper: Paper, case: Case) -> None:
    details = ShipmentDetails.objects.filter(pk=case.shipment_id).first() if case.shipment_id else None
    person = case.contact
    rows = [
        (_("运单号"), case.waybill_no or _("没有")),
        (_("快递公司"), carrier_names().get(case.carrier, case.carrier) or _("不明")),
        (_("网点"), case.outlet.name if case.outlet else _("总部")),
        (_("诉求"), str(Category(case.category).label)),
        (_("提出时间"), _moment(case.opened_at)),
        (
            _("顾客"),
            f"{mask_name(person.name)} {mask_phone(person.phone)}".strip() if person else _("没有留"),
        ),
    ]
    if details is not None:
        rows += [
            (_("收件地址"), mask_address(details.address) or _("不明")),
            (_("内件"), details.goods or _("不明")),
            (_("保价金额"), _fen(details.declared_value_fen)),
            (_("运费"), _fen(details.freight_fen)),
        ]
    paper.heading(_("一、包裹与诉求"))
    paper.facts(rows)


def _judgement(paper: Paper, case: Case) -> None:
    paper.heading(_("二、核实结果与理由"))
    if case.finding_validity:
        paper.facts(
            [
                (_("核实结果"), str(Validity(case.finding_validity).label)),
                (_("属于"), str(Category(case.finding_category or case.category).label)),
                (_("责任方"), case.finding_responsible or _("没有写")),
                (_("根因"), case.root_cause or _("没有写")),
            ]
        )
        paper.text(without_phones(case.finding_reason))
    else:
        paper.text(_("还没有给出核实结果。"))


def _money(paper: Paper, case: Case) -> None:
    claim = Claim.objects.filter(case=case).first()
    asked = Arbitration.objects.filter(case=case).order_by("-id").first()
    if claim is None and asked is None:
        return
    paper.heading(_("三、赔付与仲裁请求"))
    if claim is not None:
        newest = claim.proposals.get(number=claim.number)
        lines = [[one.text, yuan(one.amount_fen), one.basis] for one in reasons_of(newest)]
        if newest.amount_fen != newest.computed_fen:
            lines.append([_("人工调整：%(why)s") % {"why": newest.reason}, yuan(newest.amount_fen), ""])
        paper.table([_("项目"), _("元"), _("依据")], lines, [5, 2, 4])
        paid = _("已于 %(at)s 付给顾客") % {"at": _moment(claim.paid_at)} if claim.paid_at else _("还没有付")
        paper.text(_("合计 %(amount)s 元，%(paid)s。") % {"amount": yuan(claim.amount_fen), "paid": paid})
    if asked is not None:
        paper.facts(
            [
                (_("向谁提起"), asked.against),
                (_("仲裁编号"), asked.external_no or _("没有")),
                (_("请求金额"), _fen(asked.asked_fen)),
                (_("对方举证期限"), _moment(asked.respond_by)),
                (_("理由"), without_phones(asked.reason)),
            ]
        )


def _trace(paper: Paper, case: Case) -> None:
    paper.heading(_("四、物流轨迹"))
    events: list[TrackingEvent] = []
    if case.shipment_id is not None:
        rows = TrackingEvent.objects.filter(shipment_id=case.shipment_id)
        events = list(reversed(rows.order_by("-happened_at", "-identity")[:MOST_EVENTS]))
    if not events:
        paper.text(_("没有轨迹。"))
        return
    lines = [[_moment(e.happened_at), e.city, for_strangers(e.text) or e.kind, e.source_code] for e in events]
    paper.table([_("时间"), _("城市"), _("原文"), _("代码")], lines, [4, 2, 9, 2])


def _contacts(paper: Paper, case: Case) -> None:
    paper.heading(_("五、联系记录"))
    made = list_contacts(case.shipment_id) if case.shipment_id else ()
    names = {"CALL": _("电话"), "SMS": _("短信"), "KNOCK": _("上门"), "PHOTO": _("拍照")}
    if made:
        lines = [
            [_moment(one.at), names.get(one.kind, one.kind), for_strangers(one.outcome), one.courier]
            for one in made
        ]
        paper.table([_("时间"), _("方式"), _("结果"), _("快递员工号")], lines, [4, 2, 8, 3])
    else:
        paper.text(_("没有联系记录。"))


def _history(paper: Paper, case: Case, audience: str) -> None:
    paper.heading(_("六、沟通与处理经过"))
    if audience == PUBLIC:
        paper.note(_("只含对顾客公开的内容。"))
    lines = [
        [_moment(one.at), one.title, without_phones(one.text)]
        for one in list_timeline(case.pk, audience=audience)
    ]
    paper.table([_("时间"), _("事项"), _("内容")], lines, [4, 3, 9])


def _fen(fen: int | None) -> str:
    return _("不明") if fen is None else _("%(amount)s 元") % {"amount": yuan(fen)}


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(zone()):%Y-%m-%d %H:%M}" if at else ""


def pack_size(case: Case) -> Sequence[int]:
    """How many files and events a pack would hold: what decides whether the worker makes it."""
    events = TrackingEvent.objects.filter(shipment_id=case.shipment_id).count() if case.shipment_id else 0
    return Evidence.objects.filter(case=case).count(), events
