"""The consumer's addresses: look up, scan, mine, parcel, complain, progress, rate, poster. No account."""

from django.urls import path

from yishi.web.consumer.views import acts, complain, label, look_up, mine, parcel, plain, progress, rate, stop

app_name = "consumer"
urlpatterns = [
    path("", look_up.look_up, name="look_up"),
    path("scan", label.scan, name="scan"),
    path("label", label.label, name="label"),
    path("mine", mine.mine, name="mine"),
    path("mine/leave", mine.leave, name="mine_leave"),
    path("mine/<uuid:code_id>", mine.mine_code, name="mine_code"),
    path("language", plain.language, name="language"),
    path("poster/<str:outlet_code>.pdf", plain.poster, name="poster"),
    path("complain/fields", complain.fields, name="type_fields"),
    path("complain", complain.complain, name="complain_anyway"),
    path("t/<str:waybill_no>", parcel.parcel, name="parcel"),
    path("t/<str:waybill_no>/complain", complain.complain, name="complain"),
    path("t/<str:waybill_no>/stop", stop.stop, name="stop"),
    path("c/<str:token>", progress.progress, name="progress"),
    path("c/<str:token>/rate", rate.rate, name="rate"),
    path("c/<str:token>/photos/<uuid:file_id>", progress.photo, name="photo"),
    path("c/<str:token>/<str:verb>", acts.act, name="act"),
]
