"""The courier's addresses (mirror mode): today, one parcel and what is done with it, complaints about his."""

from django.urls import path

from yishi.web.courier import accept, cases, deeds, today

app_name = "courier"
urlpatterns = [
    path("", today.today, name="today"),
    path("parcels/<str:waybill_no>", today.stop, name="stop"),
    path("parcels/<str:waybill_no>/contact", deeds.contact, name="contact"),
    path("parcels/<str:waybill_no>/not-home", deeds.not_home, name="not_home"),
    path("parcels/<str:waybill_no>/place/<str:place>", deeds.place, name="place"),
    path("parcels/<str:waybill_no>/damaged", deeds.damaged, name="damaged"),
    path("accept", accept.accept, name="accept"),
    path("accept/photo", accept.photo, name="accept_photo"),
    path("accept/check", accept.check, name="accept_check"),
    path("accept/slips/<int:slip_id>", accept.slip, name="accept_slip"),
    path("accept/slips/<int:slip_id>/picture", accept.picture, name="accept_picture"),
    path("cases", cases.cases, name="cases"),
    path("cases/<str:case_no>", cases.case, name="case"),
    path("cases/<str:case_no>/answer", cases.answer, name="answer"),
    path("cases/<str:case_no>/settled", cases.settled, name="settled"),
]
