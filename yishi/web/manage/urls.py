"""The operator's addresses: feeds and quarantine, failed notices, outlets, people and keys."""

from django.urls import path

from yishi.web.desk import doors
from yishi.web.manage import feeds, notices, places, staff

app_name = "manage"
urlpatterns = [
    path("", feeds.home, name="home"),
    path("quarantine/<int:raw_id>", feeds.quarantined, name="quarantined"),
    path("quarantine/<int:raw_id>/replay", feeds.replay, name="replay"),
    path("quarantine/replay", feeds.replay_group, name="replay_group"),
    path("notices", notices.notices, name="notices"),
    path("outlets", places.outlets, name="outlets"),
    path("people", staff.people, name="people"),
    path("keys/<int:key_id>/revoke", staff.revoke, name="revoke_key"),
    path("<path:address>", doors.nowhere, name="nowhere"),
]
