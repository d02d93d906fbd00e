"""Shipped: how long promises wait, the chain of escalation, and what the law says (domain research, with sources).

What could not be read in the law's own text, or differs between sources, is configuration (`is_law` false).
"""

from datetime import date, timedelta

from django.db import migrations

PAUSES = [
    ("WAITING_CUSTOMER", "RESOLUTION", timedelta(hours=72)),
    ("WAITING_CUSTOMER", "NEXT_UPDATE", timedelta(hours=72)),
    ("WAITING_THIRD_PARTY", "RESOLUTION", timedelta(days=5)),
]
# the person on duty is warned while there is still time; a broken promise begins with the outlet's manager
LEVELS = [
    (0, "ON_DUTY", True),
    (1, "OUTLET_MANAGER", True),
    (2, "REGION", True),
    (3, "HEAD_OFFICE", True),
    (4, "OWNER", False),
]
ZHEJIANG = {
    "title": "浙江省快递业促进条例",
    "year": "2021",
    "article": "第三十七条",
    "province": "浙江省",
    "valid_from": date(2021, 9, 30),
    "is_law": True,
    "source": "浙江省地方性法规，2021-09-30 文本",
}
LAWS = [
    {
        "key": "COMPLAINT_ANSWER",
        "title": "快递暂行条例",
        "year": "2019",
        "article": "第二十八条",
        "within": timedelta(days=7),
        "text": "企业自收到投诉之日起七日内处理并告知用户",
        "source": "2019-03-02 修订文本",
        "valid_from": date(2019, 3, 2),
        "valid_until": date(2025, 6, 1),
        "is_law": True,
    },
    {
        "key": "COMPLAINT_ANSWER",
        "title": "快递暂行条例",
        "year": "2025",
        "article": "第二十九条",
        "within": timedelta(days=7),
        "text": "企业自收到投诉之日起七日内处理并告知用户",
        "source": "2025-04-13 修订（国务院令第806号），2025-06-01 起施行",
        "note": "条号引自公开资料，没有逐字核对修订后的文本",
        "valid_from": date(2025, 6, 1),
        "is_law": True,
    },
    {
        **ZHEJIANG,
        "key": "COMPLAINT_ANSWER",
        "within": timedelta(days=7),
        "text": "七日内答复投诉",
        "note": "逾期未答复的，第四十八条",
    },
    {
        "key": "APPEAL_ANSWER",
        "title": "邮政业用户申诉处理办法",
        "within": timedelta(days=10),
        "text": "企业自收到转告之日起十日内答复",
        "source": "公开文章，没有核对原文",
        "note": "条号没有核实，按设置执行",
        "is_law": False,
    },
    {
        "key": "APPEAL_ANSWER",
        "title": "邮政业消费者申诉处理办法（旧）",
        "within": timedelta(days=15),
        "text": "企业自收到转告之日起十五日内答复",
        "source": "2014 年旧文本的公开转载，与新办法不一致",
        "note": "转告文书写明十五日的，选这一条",
        "is_law": False,
        "is_chosen": False,
    },
    {
        "key": "AUTHORITY_DECISION",
        "title": "邮政法",
        "year": "2015",
        "article": "第六十五条",
        "within": timedelta(days=30),
        "text": "邮政管理部门自接到申诉之日起三十日内作出答复",
        "source": "2015-04-24 修正文本",
        "valid_from": date(2015, 4, 24),
        "is_law": True,
    },
    {
        **ZHEJIANG,
        "key": "AUTHORITY_DECISION",
        "within": timedelta(days=15),
        "text": "十五日内答复，可延长十五日",
    },
    {
        **ZHEJIANG,
        "key": "APPEAL_WINDOW",
        "within": None,
        "text": "自交寄之日起六个月内可以申诉",
    },
]
TRIGGERS = "".join(
    f"CREATE TRIGGER sla_raise_version AFTER INSERT OR UPDATE OR DELETE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION sla_raise_version();"
    for table in ("sla_pause_limit", "sla_level", "sla_law")
)


def ship(apps, schema_editor):
    for status, kind, within in PAUSES:
        apps.get_model("sla", "PauseLimit").objects.create(status=status, kind=kind, within=within)
    for level, who, respects_hours in LEVELS:
        apps.get_model("sla", "Level").objects.create(level=level, who=who, respects_hours=respects_hours)
    for law in LAWS:
        apps.get_model("sla", "Law").objects.create(**law)


class Migration(migrations.Migration):
    dependencies = [("sla", "0004_scopes_pauses_law")]

    operations = [
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
