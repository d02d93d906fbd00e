"""Addresses of counting, finding, wrong takings, figures, labels, machines and packing."""

from django.urls import path

from yishi.web.station import counts, finding, score, stock

app_name = "stock"
urlpatterns = [
    path("<str:code>/counts", counts.counts, name="counts"),
    path("<str:code>/counts/begin", counts.begin, name="begin"),
    path("<str:code>/counts/<int:count_id>", counts.count, name="count"),
    path("<str:code>/counts/<int:count_id>/scans", counts.scans, name="scans"),
    path("<str:code>/counts/<int:count_id>/undo", counts.undo, name="undo"),
    path("<str:code>/counts/<int:count_id>/end", counts.end, name="end"),
    path("<str:code>/counts/<int:count_id>/settle/<int:difference_id>", counts.settle, name="settle"),
    path("<str:code>/find", finding.find, name="find"),
    path("<str:code>/taken/<int:parcel_id>", finding.mark, name="mark"),
    path("<str:code>/takings/<int:taking_id>", finding.taking, name="taking"),
    path("<str:code>/takings/<int:taking_id>/ask/<int:parcel_id>", finding.ask, name="ask"),
    path("<str:code>/takings/<int:taking_id>/back", finding.back, name="back"),
    path("<str:code>/score", score.score, name="score"),
    path("<str:code>/stock", stock.stock, name="stock"),
    path("<str:code>/stock/material", stock.material, name="material"),
    path("<str:code>/stock/move", stock.move, name="move"),
    path("<str:code>/stock/pack", stock.pack, name="pack"),
    path("<str:code>/stock/device", stock.device, name="device"),
    path("<str:code>/stock/device/<int:device_id>/revoke", stock.revoke, name="revoke"),
    path("<str:code>/labels.pdf", stock.labels, name="labels"),
]
