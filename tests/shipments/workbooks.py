"""Workbooks as head office hands them out, made here with invented people, and imports run to their end."""

import io
from datetime import datetime, timedelta

import openpyxl

from yishi.feeds.actions.files import confirm_import, open_import
from yishi.feeds.queries.files import access_import
from yishi.kit.files import Upload
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.jobs import sweep_files
from yishi.shipments.models.parcels import ContactAttempt, Shipment, ShipmentDetails, TrackingEvent

AT = datetime.fromisoformat("2026-11-22T10:00:00+08:00")
CARRIER = "yuantong"
DELIVERY = ["运单号", "收件人", "收件人电话", "收件地址", "派件员", "派件时间"]
CALLS = ["运单号", "拨打时间", "是否接通", "通话时长(秒)", "电联录音", "小件员工号", "小件员名称"]
PHOTOS = ["单号", "拍照时间", "照片链接", "小件员工号"]
PENALTIES = ["运单号", "考核类型", "考核金额（元）", "考核时间", "小件员工号", "小件员名称"]


def number(n):
    return f"YT77120000{n:05}"


def delivery(n, *, name="王小姐", phone="", courier="YT0001 刘师傅", at="2026-11-22 08:30"):
    phone = phone or f"199000{n:05}"
    return [number(n), name, phone, f"江苏省南京市江宁区东山街道{n}号", courier, at]


def workbook(**sheets):
    """A workbook of these sheets, each a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(body, name="清单.xlsx", *, by=SYSTEM_VIEWER, outlet="", at=AT, **values):
    """The number of a fresh import that has not been looked at yet."""
    given = Upload(name=name, content_type="application/octet-stream", stream=io.BytesIO(body))
    return open_import(upload=given, carrier=CARRIER, outlet_code=outlet, by=by, at=at, **values)


def work(at=AT):
    while sweep_files(at=at, limit=10):
        pass


def looked_at(body, **values):
    import_id = upload(body, **values)
    work()
    return card(import_id)


def taken(body, **values):
    """The import once everything is in."""
    import_id = looked_at(body, **values).id
    confirm_import(import_id=import_id, by=SYSTEM_VIEWER, at=AT)
    work()
    return card(import_id)


def card(import_id):
    return access_import(viewer=SYSTEM_VIEWER, import_id=import_id)


def counts(one):
    return one.accepted, one.duplicate, one.rejected


def everything():
    """All that an import may change, comparable before and after."""
    details = [f.attname for f in ShipmentDetails._meta.concrete_fields]
    return {
        "parcels": list(Shipment.objects.order_by("pk").values()),
        "details": [
            {name: getattr(row, name) if name != "said_hash" else bytes(row.said_hash) for name in details}
            for row in ShipmentDetails.objects.order_by("pk")
        ],
        "events": sorted(
            (e.shipment_id, e.happened_at, bytes(e.identity), e.courier) for e in TrackingEvent.objects.all()
        ),
        "contacts": list(
            ContactAttempt.objects.order_by("pk").values("shipment_id", "kind", "at", "outcome")
        ),
    }


LATER = timedelta(minutes=3)
