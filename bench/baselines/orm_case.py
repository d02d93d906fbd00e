"""The baseline of `open-case`: the same case opened with Django's ORM alone, as one would first write it."""

import json
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry
from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.repeats import REPEAT_WITHIN, SAME_WITHIN, first_priority
from yishi.consignees.models import Contact
from yishi.kit.ids import private_token, token_hash
from yishi.kit.live import nudge
from yishi.kit.models import FactRow
from yishi.kit.personal import keyed_hash
from yishi.network.models import DutyShift, Outlet
from yishi.network.rules import Shift, person_on_duty
from yishi.notifications.models import Delivery
from yishi.shipments.models.parcels import Shipment
from yishi.sla.models.clocks import SlaClock
from yishi.sla.models.policies import ServiceCalendar, SlaPolicy
from yishi.sla.queries.policies import calendar_of
from yishi.sla.rules.clocks import marks


@transaction.atomic
def open_with_orm(*, waybill_no: str, category: str, text: str, contact_id: int, at: datetime) -> Case:
    """One case, routed, with clocks, timeline and notice: what `open_case` does, row by row."""
    shipment = Shipment.objects.select_related("outlet").get(waybill_no=waybill_no)
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    same = Case.objects.filter(
        waybill_no=waybill_no, category=category, contact=contact, opened_at__gt=at - SAME_WITHIN
    ).first()
    if same is not None:
        return same
    earlier = list(Case.objects.filter(waybill_no=waybill_no, opened_at__gt=at - REPEAT_WITHIN))
    case = _create(shipment, contact, category, earlier, at)
    TimelineEntry.objects.create(
        case=case, kind="OPENED", audience="PUBLIC", text=text, author_kind="CONSUMER", at=at
    )
    FactRow.objects.create(
        fact="cases.CaseOpened", body={"case_id": case.pk, "at": at.isoformat()}, announced_at=at
    )
    _route(case, shipment, at)
    _promise(case, at)
    _tell(case, contact, at)
    nudge(f"outlet:{case.outlet.code if case.outlet else 'HQ'}")
    return case


def _create(shipment: Shipment, contact: Contact, category: str, earlier: list[Case], at: datetime) -> Case:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_case_no')")
        (number,) = cursor.fetchone() or (0,)
    case_no = f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%y%m%d}{number:07d}"
    return Case.objects.create(
        case_no=case_no,
        category=category,
        case_class=str(CATEGORIES[category].case_class),
        shipment=shipment,
        waybill_no=shipment.waybill_no,
        carrier=shipment.carrier,
        contact=contact,
        priority=first_priority(category, 0, (e.opened_at for e in earlier), at),
        repeat_of=earlier[0] if earlier else None,
        opened_at=at,
        token_hash=token_hash(private_token("case", case_no)),
    )


def _route(case: Case, shipment: Shipment, at: datetime) -> None:
    outlet = Outlet.objects.get(pk=shipment.outlet_id)
    rows = DutyShift.objects.filter(outlet=outlet, user__is_active=True)
    shifts = [Shift(s.user_id, s.starts, s.ends, s.weekday, s.date, s.is_fallback) for s in rows]
    case.outlet = outlet
    case.assignee_id = person_on_duty(shifts, local=at.astimezone(ZoneInfo(settings.TIME_ZONE)))
    case.save()
    for audience in ("PUBLIC", "INTERNAL"):
        TimelineEntry.objects.create(
            case=case,
            kind="ROUTED",
            audience=audience,
            data={"outlet": outlet.name},
            author_kind="SYSTEM",
            at=at,
        )


def _promise(case: Case, at: datetime) -> None:
    hours = ServiceCalendar.objects.get(outlet__isnull=True)
    clocks = []
    for kind in ("FIRST_RESPONSE", "RESOLUTION"):
        policy = SlaPolicy.objects.get(case_class=case.case_class, kind=kind, category="", is_active=True)
        is_service = policy.counting == "SERVICE_HOURS"
        given = marks(at, policy.within, calendar_of(hours) if is_service else None)
        clocks.append(
            SlaClock.objects.create(
                subject_id=case.pk,
                kind=kind,
                policy=policy,
                calendar=hours if is_service else None,
                started_at=given.started_at,
                within=policy.within,
                half_at=given.half_at,
                most_at=given.most_at,
                due_at=given.due_at,
                escalate_within=policy.escalate_within,
                act_at=given.half_at,
            )
        )
    case.next_due_at = min(clock.due_at for clock in clocks)
    case.save()


def _tell(case: Case, contact: Contact, at: datetime) -> None:
    from yishi.notifications.queries.letters import write_letter

    link = f"{settings.ENVIRONMENT.web_origin}/c/{private_token('case', case.case_no)}"
    values = {
        "operator": "驿使",
        "case_no": case.case_no,
        "waybill_no": case.waybill_no,
        "outlet": case.outlet.name if case.outlet else "",
        "text": "",
        "excerpt": "",
        "promise": json.dumps(str(timedelta(hours=2))),
        "about": case.waybill_no,
        "reply": "",
        "link": link,
    }
    letter = write_letter(kind="ACK", channel="SMS", language="zh-hans", values=values)
    Delivery.objects.create(
        kind="ACK",
        subject_kind="CASE",
        subject_id=str(case.pk),
        channel="SMS",
        to=contact.phone,
        to_hash=keyed_hash("to", contact.phone),
        heading=letter.heading,
        body=letter.body,
        language="zh-hans",
        state="QUEUED",
        due_at=at,
        notice_id=uuid.uuid4(),
        created_at=at,
    )
