"""The consumer's addresses: look up, parcel, complain, progress, rate, poster. No account anywhere."""

from django.urls import path

from yishi.web.consumer.views import complain, look_up, parcel, plain, progress, rate

app_name = "consumer"
urlpatterns = [
    path("", look_up.look_up, name="look_up"),
    path("language", plain.language, name="language"),
    path("poster/<str:outlet_code>.pdf", plain.poster, name="poster"),
    path("complain", complain.complain, name="complain_anyway"),
    path("t/<str:waybill_no>", parcel.parcel, name="parcel"),
    path("t/<str:waybill_no>/complain", complain.complain, name="complain"),
    path("c/<str:token>", progress.progress, name="progress"),
    path("c/<str:token>/rate", rate.rate, name="rate"),
    path("c/<str:token>/photos/<uuid:file_id>", progress.photo, name="photo"),
    path("c/<str:token>/<str:verb>", progress.act, name="act"),
]
