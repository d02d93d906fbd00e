"""The courier's addresses: today, one parcel and what is done with it, complaints about his, his telephone's
line."""

from django.urls import path

from yishi.web.courier import accept, cases, deeds, offline, sync, today

app_name = "courier"
urlpatterns = [
    path("", today.today, name="today"),
    path("parcels/<str:waybill_no>", today.stop, name="stop"),
    path("parcels/<str:waybill_no>/place/<str:place>", deeds.place, name="place"),
    path("parcels/<str:waybill_no>/dial", sync.dial, name="dial"),
    path("parcels/<str:waybill_no>/<slug:kind>", deeds.deed, name="deed"),
    path("accept", accept.accept, name="accept"),
    path("accept/photo", accept.photo, name="accept_photo"),
    path("accept/check", accept.check, name="accept_check"),
    path("accept/slips/<int:slip_id>", accept.slip, name="accept_slip"),
    path("accept/slips/<int:slip_id>/picture", accept.picture, name="accept_picture"),
    path("out", deeds.out, name="out"),
    path("cases", cases.cases, name="cases"),
    path("cases/<str:case_no>", cases.case, name="case"),
    path("cases/<str:case_no>/answer", cases.answer, name="answer"),
    path("cases/<str:case_no>/settled", cases.settled, name="settled"),
    path("sync", sync.state, name="sync"),
    path("deeds", sync.deeds, name="deeds"),
    path("offline", offline.offline, name="offline"),
    path("sw.js", offline.worker, name="worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
]
