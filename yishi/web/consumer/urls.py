"""The consumer's addresses: look up, parcel, complain, progress, rate, poster. No account anywhere."""

from django.urls import path

from yishi.web.consumer.views import look_up, plain

app_name = "consumer"
urlpatterns = [
    path("", look_up.look_up, name="look_up"),
    path("language", plain.language, name="language"),
]
