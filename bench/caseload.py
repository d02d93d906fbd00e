"""An operator with outlets, staff, parcels and any number of open cases, for the benchmarks of care."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

OUTLETS = 20
NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Load:
    """Codes of the outlets, ids of their agents, the numbers of the parcels."""

    outlet_codes: list[str]
    agent_ids: list[int]
    waybill_nos: list[str]


def make_operator(parcels: int) -> Load:
    """Outlets with one agent on duty each, and parcels that the outlets hold in turn."""
    from yishi.network.actions import add_carrier, add_outlet
    from yishi.network.models import DutyShift
    from yishi.people.actions import add_user
    from yishi.people.rules import SYSTEM_VIEWER, Role

    add_carrier(code="yuantong", name="圆通速递", hotline="95554", by=SYSTEM_VIEWER)
    codes, agents, outlet_ids = [], [], []
    for number in range(OUTLETS):
        code = f"B{number:02d}"
        outlet_id = add_outlet(code=code, name=f"第{number}网点", city="南京市", by=SYSTEM_VIEWER, at=NOW)
        agent = add_user(
            username=f"agent{number}",
            name="客服",
            password="only-for-benchmarks",
            role=Role.AGENT,
            outlet_codes=(code,),
            email=f"agent{number}@example.cn",
            by=SYSTEM_VIEWER,
            at=NOW,
        )
        for weekday in range(7):
            DutyShift.objects.create(
                outlet_id=outlet_id, user_id=agent.pk, weekday=weekday, starts=time(0), ends=time(23, 59)
            )
        codes.append(code)
        agents.append(agent.pk)
        outlet_ids.append(outlet_id)
    return Load(codes, agents, _parcels(outlet_ids, parcels))


def _parcels(outlet_ids: list[int], count: int) -> list[str]:
    from yishi.shipments.models.parcels import Shipment

    numbers = [f"YT77{number:010d}" for number in range(count)]
    Shipment.objects.bulk_create(
        (
            Shipment(
                waybill_no=number,
                carrier="yuantong",
                milestone="DELIVERED",
                outlet_id=outlet_ids[index % OUTLETS],
                outlet_at=NOW,
            )
            for index, number in enumerate(numbers)
        ),
        batch_size=5_000,
    )
    return numbers


# open cases by SQL, a hundred thousand in seconds; each with a line of history and two clocks far from due
_CASES = """
INSERT INTO cases_case (case_no, category, case_class, status, source, external_no, external_state,
  waybill_no, carrier, outlet_id, assignee_id, is_verified, is_internal, priority, is_in_arbitration,
  is_before_regulator,
  opened_at, next_due_at, remedy, root_cause, finding_validity, finding_category, finding_responsible,
  finding_reason, token_hash, language, entry_point, version)
SELECT to_char(n, 'FM"99"00000000000'), 'DELAY', 'C', 'OPEN', 'SELF', '', '',
  'YT99' || lpad(n::text, 10, '0'), 'yuantong', outlets.ids[1 + n %% array_length(outlets.ids, 1)],
  CASE WHEN n %% 3 = 0 THEN NULL ELSE agents.ids[1 + n %% array_length(agents.ids, 1)] END,
  false, false, 0, false, false, %(at)s::timestamptz - (n %% 864000) * interval '1 second',
  %(at)s::timestamptz + interval '10 days' + (n::bigint * 7919 %% 864000) * interval '1 second',
  '', '', '', '', '', '', sha256(n::text::bytea), 'zh-hans', '', 1
  FROM generate_series(%(first)s, %(last)s) AS n,
       (SELECT array_agg(id ORDER BY id) AS ids FROM network_outlet) AS outlets,
       (SELECT array_agg(id ORDER BY id) AS ids FROM people_user WHERE role = 'AGENT') AS agents
"""
_LINES = """
INSERT INTO cases_timeline_entry (case_id, kind, audience, text, data, author_kind, at)
SELECT id, 'OPENED', 'PUBLIC', '快件到了网点三天还没有派送，打电话也没人接', '{}', 'CONSUMER', opened_at
  FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM cases_timeline_entry e WHERE e.case_id = c.id)
"""
_CLOCKS = """
INSERT INTO sla_clock (subject_kind, subject_id, kind, started_at, within, half_at, most_at, due_at,
  escalate_within, paused_for, has_used_pause, act_at, warned_share, escalation_level)
SELECT 'CASE', c.id, kind, c.opened_at, c.next_due_at - c.opened_at, c.next_due_at - interval '2 days',
       c.next_due_at - interval '1 day', c.next_due_at, '12 h', '0 s', false,
       c.next_due_at - interval '2 days', 0, 0
  FROM cases_case c, (VALUES ('FIRST_RESPONSE'), ('RESOLUTION')) AS kinds (kind)
 WHERE NOT EXISTS (SELECT 1 FROM sla_clock k WHERE k.subject_id = c.id)
"""
_present = 0


def fill(count: int) -> None:
    """Brings the number of open cases that merely stand there up to `count`."""
    global _present
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a million take minutes
        cursor.execute(_CASES, {"at": NOW, "first": _present + 1, "last": count})
        cursor.execute(_LINES)
        cursor.execute(_CLOCKS)
        cursor.execute("VACUUM ANALYZE cases_case, cases_timeline_entry, sla_clock")
        cursor.execute("RESET statement_timeout")
    _present = count


def ahead(days: float) -> datetime:
    return NOW + timedelta(days=days)
