"""The line's addresses: machines by their link, tickets without an account, the keeper's pages."""

from django.urls import path

from yishi.web.station import doors, hours, kiosk, line, machines, queue, screen

app_name = "queue"
urlpatterns = [
    path("open/<str:token>", doors.open_machine, name="open"),
    path("screen", screen.screen, name="screen"),
    path("screen/news", screen.news, name="screen_news"),
    path("screen/live", screen.live, name="screen_live"),
    path("kiosk", kiosk.kiosk, name="kiosk"),
    path("kiosk/take", kiosk.take, name="kiosk_take"),
    path("kiosk/rate", kiosk.rate, name="kiosk_rate"),
    path("kiosk/help", kiosk.help_page, name="kiosk_help"),
    path("kiosk/start", kiosk.start_over, name="kiosk_start"),
    path("line/<str:token>", line.line, name="line"),
    path("ticket/<str:token>", line.ticket, name="ticket"),
    path("ticket/<str:token>/leave", line.leave, name="ticket_leave"),
    path("<str:code>/queue", queue.queue_page, name="queue"),
    path("<str:code>/queue/live", queue.live, name="live"),
    path("<str:code>/queue/panel", queue.panel, name="panel"),
    path("<str:code>/queue/<slug:what>", queue.deed, name="deed"),
    path("<str:code>/machines", machines.machines, name="machines"),
    path("<str:code>/machines/reader", machines.reader, name="reader"),
    path("<str:code>/machines/<int:link_id>/back", machines.take_back, name="take_back"),
    path("<str:code>/hours", hours.hours, name="hours"),
    path("<str:code>/hours/<slug:what>", hours.set_hours, name="set_hours"),
]
