"""Every address of the web process. A page set brings its own list."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yishi.config.health")),
    path("api/v1/", include("yishi.api.urls")),
    path("feeds/", include("yishi.api.push")),
    path("channels/", include("yishi.api.channels")),
    path("station-devices/", include("yishi.api.station_devices")),
    path("work-orders/", include("yishi.api.work_orders")),
    path("", include("yishi.web.consumer.urls")),
    path("courier/", include("yishi.web.courier.urls")),
    path("station/", include("yishi.web.station.urls")),
    path("station/", include("yishi.web.station.queue_urls")),
    path("station/", include("yishi.web.station.stock_urls")),
    path("desk/", include("yishi.web.desk.urls")),
    path("manage/", include("yishi.web.manage.urls")),
]

handler400 = "yishi.web.shared.errors.bad_request"
handler403 = "yishi.web.shared.errors.forbidden"
handler404 = "yishi.web.shared.errors.not_found"
handler500 = "yishi.web.shared.errors.server_error"
