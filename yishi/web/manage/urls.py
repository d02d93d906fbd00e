"""The operator's addresses: feeds and quarantine, failed notices, outlets, people and keys."""

from django.urls import path

from yishi.web.desk import doors
from yishi.web.manage import (
    codes,
    complaints,
    feeds,
    import_people,
    imports,
    notices,
    places,
    promises,
    quarantine,
    silence,
    sources,
    staff,
)

app_name = "manage"
urlpatterns = [
    path("", feeds.home, name="home"),
    path("feeds", feeds.home, name="feeds"),
    path("new-source", sources.new, name="source_new"),
    path("feeds/<slug:source>", sources.source, name="source"),
    path("feeds/<slug:source>/code", codes.code, name="code"),
    path("feeds/<slug:source>/code/change", codes.change, name="change_code"),
    path("feeds/<slug:source>/quarantine", quarantine.group, name="group"),
    path("feeds/<slug:source>/quarantine/try", quarantine.try_group, name="try_group"),
    path("feeds/<slug:source>/address", sources.address, name="renew_address"),
    path("feeds/<slug:source>/change/<slug:what>", sources.change, name="change_source"),
    path("quarantine/<int:raw_id>", quarantine.quarantined, name="quarantined"),
    path("quarantine/<int:raw_id>/replay", quarantine.replay, name="replay"),
    path("quarantine/<int:raw_id>/try", quarantine.try_one, name="try_one"),
    path("quarantine/<int:raw_id>/reveal", quarantine.reveal, name="reveal_body"),
    path("quarantine/replay", quarantine.replay_all, name="replay_group"),
    path("complaints/<int:complaint_id>/again", complaints.again, name="complaint_again"),
    path("imports", imports.imports, name="imports"),
    path("imports/people", import_people.people, name="import_people"),
    path("imports/people/<int:person_id>", import_people.assign, name="assign_person"),
    path("imports/records", import_people.records, name="records"),
    path("imports/<int:import_id>", imports.one, name="import"),
    path("imports/<int:import_id>/state", imports.state, name="import_state"),
    path("imports/<int:import_id>/confirm", imports.confirm, name="confirm_import"),
    path("imports/<int:import_id>/drop", imports.drop, name="drop_import"),
    path("imports/<int:import_id>/undo", imports.undo, name="undo_import"),
    path("imports/<int:import_id>/refused.csv", imports.refused_rows, name="import_refused"),
    path("notices", notices.notices, name="notices"),
    path("silence", silence.silence, name="silence"),
    path("silence/export", silence.export, name="silence_export"),
    path("promises", promises.promises, name="promises"),
    path("promises/<int:rule_id>/end", promises.end, name="end_promise"),
    path("outlets", places.outlets, name="outlets"),
    path("people", staff.people, name="people"),
    path("keys/<int:key_id>/revoke", staff.revoke, name="revoke_key"),
    path("<path:address>", doors.nowhere, name="nowhere"),
]
