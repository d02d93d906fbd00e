"""Cases as the last release kept them, written by SQL: one running late, one waiting, one closed."""

from yishi.kit.ids import token_hash

TOKEN = "old-token-of-the-first-case"
LINES = [
    "三天没动",
    "显示签收，我没收到。",
    "蚕丝被外箱压坏",
    "",
    "正在找，明天给您答复。",
    "监控在看",
]

PEOPLE = """
INSERT INTO network_carrier (code, name, hotline) VALUES ('yuantong', '圆通速递', '95554');
INSERT INTO network_region (code, name) VALUES ('NJ', '南京片区');
INSERT INTO network_outlet (code, name, phone, province, city, district, address, is_active, region_id)
SELECT 'DS01', '东山网点', '025-00000101', '江苏省', '南京市', '江宁区', '东山街道 1 号', true, id
  FROM network_region;
INSERT INTO people_user (password, username, name, email, phone, role, is_active, language, created_at,
                         pin_hash, pin_misses, otp_secret, otp_last_step)
VALUES ('!', 'laoban', '', '', '', 'OWNER', true, 'zh-hans', '2026-10-01Z', '', 0, '', 0);
INSERT INTO people_membership (scope_kind, scope_code, user_id) SELECT 'OPERATOR', '', id FROM people_user;
"""
CASES = """
INSERT INTO cases_case (case_no, category, case_class, status, source, external_no, external_state,
    waybill_no, carrier, is_verified, is_internal, priority, is_in_arbitration, is_before_regulator,
    opened_at, replied_at, resolved_at, closed_at, next_due_at, remedy, root_cause, finding_validity,
    finding_category, finding_responsible, finding_reason, token_hash, language,
    entry_point, version, outlet_id)
SELECT no, category, class, status, source, external, '', 'YT900000000' || no, 'yuantong', false, false, 0,
    false, false, opened::timestamptz, opened::timestamptz, closed::timestamptz, closed::timestamptz,
    due::timestamptz, remedy, '', validity, '', '', '', token, 'zh-hans', 'web', 2, network_outlet.id
  FROM network_outlet, (VALUES
    ('2611210000001', 'SIGNED_NOT_RECEIVED', 'LOSS', 'IN_PROGRESS', 'SELF', '', '2026-11-21T02:00Z', NULL,
     '2026-11-22T01:00Z', '', '', '\\xTOKEN'::bytea),
    ('2611210000002', 'DAMAGED', 'LOSS', 'WAITING_CUSTOMER', 'HQ', 'HQ-7', '2026-11-21T02:00Z', NULL,
     '2026-11-22T09:00Z', '', '', '\\x02'),
    ('2610010000003', 'DELAY', 'SERVICE', 'CLOSED', 'SELF', '', '2026-10-01T02:00Z', '2026-10-03T02:00Z',
     '9999-12-31T00:00Z', 'EXPLAINED', 'VALID', '\\x03')
  ) AS old (no, category, class, status, source, external, opened, closed, due, remedy, validity, token);
"""
HISTORY = """
INSERT INTO cases_timeline_entry (case_id, kind, audience, text, data, author_kind, at)
SELECT cases_case.id, kind, audience, line, data::jsonb, author, opened_at + after::interval
  FROM cases_case JOIN (VALUES
    ('2611210000001', 'OPENED', 'PUBLIC', '显示签收，我没收到。', '{}', 'CONSUMER', '0'),
    ('2611210000001', 'REPLY', 'PUBLIC', '正在找，明天给您答复。', '{}', 'STAFF', '20 min'),
    ('2611210000001', 'NOTE', 'INTERNAL', '监控在看', '{}', 'STAFF', '30 min'),
    ('2611210000002', 'OPENED', 'PUBLIC', '蚕丝被外箱压坏', '{}', 'CONSUMER', '0'),
    ('2611210000002', 'STATUS', 'INTERNAL', '', '{"old": "OPEN", "status": "WAITING_CUSTOMER"}', 'STAFF',
     '9 min'),
    ('2610010000003', 'OPENED', 'PUBLIC', '三天没动', '{}', 'CONSUMER', '0')
  ) AS said (no, kind, audience, line, data, author, after) ON no = case_no
 ORDER BY opened_at + after::interval, case_no;
INSERT INTO kit_stored_file (id, name, content_type, size, sha256, has_thumbnail, retention_class,
    stored_at)
VALUES ('00000000-0000-4000-8000-000000000001', '', 'image/jpeg', 9, '\\x01', false, 'EVIDENCE',
    '2026-11-21Z');
INSERT INTO cases_evidence (case_id, entry_id, file_id, author_kind, at)
SELECT case_id, min(id), '00000000-0000-4000-8000-000000000001', 'CONSUMER', '2026-11-21T02:00Z'
  FROM cases_timeline_entry WHERE text = '蚕丝被外箱压坏' GROUP BY case_id;
"""
CLOCKS = """
INSERT INTO sla_clock (subject_kind, subject_id, kind, policy_id, started_at, within, half_at, most_at,
    due_at, escalate_within, paused_at, paused_for, has_used_pause, act_at, warned_share, escalation_level)
SELECT 'CASE', cases_case.id, clock, (SELECT min(id) FROM sla_policy WHERE kind = clock), opened_at, '23 h',
    opened_at + interval '12 h', opened_at + interval '20 h', due::timestamptz, '24 h', paused::timestamptz,
    '0', false, act::timestamptz, 80, 0
  FROM cases_case JOIN (VALUES
    ('2611210000001', 'NEXT_UPDATE', '2026-11-22T01:00Z', NULL, '2026-11-22T01:00Z'),
    ('2611210000002', 'RESOLUTION', '2026-11-22T09:00Z', '2026-11-21T02:09Z', '2026-11-24T02:09Z')
  ) AS running (no, clock, due, paused, act) ON no = case_no;
"""


def old_data() -> str:
    """All of it; the first case's page is found by `TOKEN`."""
    return PEOPLE + CASES.replace("xTOKEN", f"x{token_hash(TOKEN).hex()}") + HISTORY + CLOCKS
