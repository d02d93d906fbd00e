"""Promises beside a case's own: whose case, who answers, a word for lists; more kinds of clock."""

from django.db import migrations, models

KINDS = [
    ("FIRST_RESPONSE", "首次回复"),
    ("NEXT_UPDATE", "下次进展"),
    ("RESOLUTION", "解决"),
    ("EXTERNAL", "外部工单时限"),
    ("REGULATOR", "邮政申诉答复"),
    ("ARBITRATION", "仲裁举证"),
    ("STEP", "流程步骤"),
    ("TASK", "任务"),
    ("HANDOVER", "转交待接收"),
    ("CLAIM", "理赔"),
    ("INTERCEPT", "拦截"),
    ("APPEAL_RIGHT", "可向邮政管理部门申诉"),
]


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_shipped")]

    operations = [
        migrations.AddField("slaclock", "case_id", models.BigIntegerField(null=True)),
        migrations.AddField("slaclock", "who_id", models.BigIntegerField(null=True)),
        migrations.AddField("slaclock", "title", models.TextField(db_default="", default="")),
        migrations.AlterField("slaclock", "kind", models.TextField(choices=KINDS)),
        migrations.AlterField("slapolicy", "kind", models.TextField(choices=KINDS)),
        migrations.AddIndex(
            "slaclock",
            models.Index(condition=models.Q(("case_id__isnull", False)), fields=["case_id"], name="sla_clock_beside"),
        ),
    ]
