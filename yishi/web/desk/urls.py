"""The desk's addresses: signing in, the worklist, parcels, a case and what is done to it."""

from django.urls import path

from yishi.web.desk import answers, case, doors, files, look_up, me, sign_in, worklist

app_name = "desk"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("news", worklist.news, name="worklist_news"),
    path("live", worklist.live_again, name="live_worklist"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("me", me.me, name="me"),
    path("switch", me.switch, name="switch"),
    path("pin", me.set_pin, name="set_pin"),
    path("parcels", look_up.look_up, name="look_up"),
    path("parcels/<str:waybill_no>", look_up.parcel, name="parcel"),
    path("calls", look_up.take_call, name="take_call"),
    path("cases/<str:case_no>", case.case, name="case"),
    path("cases/<str:case_no>/news", case.news, name="case_news"),
    path("cases/<str:case_no>/live", case.live_again, name="live_case"),
    path("cases/<str:case_no>/reply", answers.reply, name="reply"),
    path("cases/<str:case_no>/note", answers.note, name="note"),
    path("cases/<str:case_no>/assign", answers.assign, name="assign"),
    path("cases/<str:case_no>/status", answers.status, name="status"),
    path("cases/<str:case_no>/settle", answers.settle, name="settle"),
    path("cases/<str:case_no>/reopen", answers.reopen, name="reopen"),
    path("cases/<str:case_no>/evidence", answers.evidence, name="evidence"),
    path("cases/<str:case_no>/reveal", case.reveal, name="reveal"),
    path("files/<uuid:file_id>", files.file, name="file"),
    path("files/<uuid:file_id>/thumbnail", files.thumbnail, name="thumbnail"),
    path("<path:address>", doors.nowhere, name="nowhere"),
]
