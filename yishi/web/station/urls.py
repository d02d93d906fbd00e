"""The keeper's addresses: book in, hand out, shelves, overdue, messages, one parcel."""

from django.urls import path

from yishi.web.station import carrying, coming, floor, giving, messages, overdue, parcel

app_name = "station"
urlpatterns = [
    path("", floor.home, name="home"),
    path("<str:code>/in", coming.book_in_page, name="in"),
    path("<str:code>/in/<int:parcel_id>/undo", coming.undo, name="undo"),
    path("<str:code>/out", giving.hand_out_page, name="out"),
    path("<str:code>/give", giving.give, name="give"),
    path("<str:code>/card", giving.id_card, name="card"),
    path("<str:code>/unlock", giving.let_try, name="unlock"),
    path("<str:code>/shelves", floor.shelves, name="shelves"),
    path("<str:code>/shelves/put", floor.put_shelf, name="put_shelf"),
    path("<str:code>/shelves/<str:shelf>/close", floor.take_away, name="close_shelf"),
    path("<str:code>/doors", carrying.doors, name="doors"),
    path("<str:code>/doors/offer", carrying.offer, name="offer_door"),
    path("<str:code>/doors/<int:parcel_id>", carrying.brought, name="brought"),
    path("<str:code>/working", floor.working, name="working"),
    path("<str:code>/overdue", overdue.overdue, name="overdue"),
    path("<str:code>/overdue/back", overdue.back, name="back"),
    path("<str:code>/overdue/rung/<int:parcel_id>", overdue.rung, name="rung"),
    path("<str:code>/overdue/lists/<int:list_id>", overdue.returned, name="returned"),
    path("<str:code>/overdue/lists/<int:list_id>.pdf", overdue.returned_pdf, name="returned_pdf"),
    path("<str:code>/messages", messages.messages, name="messages"),
    path("<str:code>/parcels/<int:parcel_id>", parcel.parcel, name="parcel"),
    path("<str:code>/parcels/<int:parcel_id>/move", parcel.move, name="move"),
    path("<str:code>/parcels/<int:parcel_id>/keep", parcel.keep, name="keep"),
    path("<str:code>/parcels/<int:parcel_id>/phone", parcel.phone, name="phone"),
    path("<str:code>/parcels/<int:parcel_id>/on", parcel.on, name="on"),
    path("<str:code>/parcels/<int:parcel_id>/send", parcel.send, name="send"),
]
