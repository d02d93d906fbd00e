"""The consumer's addresses: look up, scan, mine, chat, parcel, complain, progress, rate. No account."""

from django.urls import path

from yishi.web.consumer.views import (
    acts,
    ahead,
    chat,
    complain,
    help,
    label,
    look_up,
    mine,
    parcel,
    pickup,
    plain,
    progress,
    rate,
    shipper,
    stop,
    talk,
    wishes,
)

app_name = "consumer"
urlpatterns = [
    path("", look_up.look_up, name="look_up"),
    path("scan", label.scan, name="scan"),
    path("label", label.label, name="label"),
    path("mine", mine.mine, name="mine"),
    path("mine/wishes", wishes.wishes, name="wishes"),
    path("mine/leave", mine.leave, name="mine_leave"),
    path("mine/<uuid:code_id>", mine.mine_code, name="mine_code"),
    path("language", plain.language, name="language"),
    path("poster/<str:outlet_code>.pdf", plain.poster, name="poster"),
    path("help", help.help_centre, name="help"),
    path("help/topics/<str:topic>", help.topic, name="help_topic"),
    path("help/<slug:slug>", help.article, name="article"),
    path("complain/fields", complain.fields, name="type_fields"),
    path("complain", complain.complain, name="complain_anyway"),
    path("chat", chat.begin, name="chat"),
    path("chat/<str:token>", chat.talk, name="talk"),
    path("chat/<str:token>/lines", talk.lines, name="talk_lines"),
    path("chat/<str:token>/live", talk.live, name="talk_live"),
    path("chat/<str:token>/typing", talk.typing, name="talk_typing"),
    path("chat/<str:token>/end", talk.end, name="talk_end"),
    path("chat/<str:token>/rate", talk.rate, name="talk_rate"),
    path("chat/<str:token>/transcript.txt", talk.transcript, name="talk_transcript"),
    path("chat/<str:token>/files/<uuid:file_id>", talk.file, name="talk_file"),
    path("widget.js", talk.widget, name="widget"),
    path("t/<str:waybill_no>", parcel.parcel, name="parcel"),
    path("t/<str:waybill_no>/complain", complain.complain, name="complain"),
    path("t/<str:waybill_no>/chat", chat.begin, name="chat_of_parcel"),
    path("t/<str:waybill_no>/stop", stop.stop, name="stop"),
    path("a/<str:token>", ahead.ahead, name="ahead"),
    path("s/<str:token>", shipper.shipper, name="shipper"),
    path("p/<str:token>", pickup.pickup, name="pickup"),
    *(
        path(f"p/<str:token>/{verb}", pickup.pickup_act, {"verb": verb}, name=f"pickup_{verb}")
        for verb in pickup.VERBS
    ),
    path("pickup/by/<str:token>", pickup.pickup_by, name="pickup_by"),
    path("c/<str:token>", progress.progress, name="progress"),
    path("c/<str:token>/rate", rate.rate, name="rate"),
    path("c/<str:token>/photos/<uuid:file_id>", progress.photo, name="photo"),
    path("c/<str:case_token>/chat", chat.begin, name="chat_of_case"),
    path("c/<str:token>/<str:verb>", acts.act, name="act"),
]
