"""Work orders of others: sources, words, what was handed in, how each stands there, answers, differences."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_seal_old_lines"),
        ("consignees", "0001_initial"),
        ("network", "0001_initial"),
        ("shipments", "0009_delivery_hours"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SentAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("filled", models.BinaryField(editable=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("WAITING", "等着提交"),
                            ("SENDING", "正在提交"),
                            ("SENT", "对方收下了"),
                            ("FAILED", "没提交成"),
                            ("UNSURE", "不确定对方收到没有"),
                        ],
                        default="WAITING",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(default="")),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "cases_sent_answer",
            },
        ),
        migrations.CreateModel(
            name="WorkOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("external_no", models.TextField()),
                ("type_word", models.TextField(default="")),
                ("state_word", models.TextField(default="")),
                ("is_open_there", models.BooleanField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("amount_fen", models.BigIntegerField(null=True)),
                ("row_hash", models.BinaryField(max_length=16)),
                ("said_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "db_table": "cases_work_order",
            },
        ),
        migrations.CreateModel(
            name="WorkOrderDifference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("OPEN_THERE", "那边没结，我们结了"),
                            ("CLOSED_THERE", "那边结了，我们没结"),
                            ("UNKNOWN_THERE", "那边查不到，我们没结"),
                            ("OVERDUE_THERE", "那边到期了，还没回填"),
                        ]
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("note", models.TextField(default="")),
                ("noted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "cases_work_order_difference",
            },
        ),
        migrations.CreateModel(
            name="WorkOrderRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("way", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("PREVIEW", "等你确认"),
                            ("WAITING", "正在收"),
                            ("DONE", "收好了"),
                            ("DROPPED", "没有收"),
                            ("FAILED", "没能收完"),
                        ]
                    ),
                ),
                ("name", models.BinaryField(default="", editable=True)),
                ("body", models.BinaryField()),
                ("body_hash", models.BinaryField(max_length=16)),
                ("content_type", models.TextField(default="")),
                ("is_whole", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField(db_index=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("opened", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("same", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(default="")),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "cases_work_order_run",
            },
        ),
        migrations.CreateModel(
            name="WorkOrderSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField(unique=True)),
                ("plugin", models.TextField()),
                ("label", models.TextField(default="")),
                (
                    "filed_as",
                    models.TextField(
                        choices=[
                            ("SELF", "客户自助"),
                            ("HQ", "总部工单"),
                            ("CAINIAO", "菜鸟"),
                            ("TAOTIAN", "淘天"),
                            ("PINDUODUO", "拼多多"),
                            ("DOUYIN", "抖音"),
                            ("WECHAT", "微信"),
                            ("REGULATOR_12305", "邮政申诉（12305）"),
                            ("HOTLINE_12345", "12345 热线"),
                            ("CONSUMER_12315", "12315 平台"),
                            ("MEDIA", "媒体"),
                            ("PHONE", "来电"),
                            ("WALK_IN", "到店"),
                            ("GROUP_CHAT", "群聊"),
                            ("COURIER_NOTE", "快递员登记"),
                        ]
                    ),
                ),
                ("carrier", models.TextField(default="")),
                ("settings", models.BinaryField(default="", editable=True)),
                ("time_zone", models.TextField(default="Asia/Shanghai")),
                ("push_key_hash", models.BinaryField(max_length=32, null=True, unique=True)),
                ("is_paused", models.BooleanField(default=False)),
                ("paused_reason", models.TextField(default="")),
                ("stopped_reason", models.TextField(default="")),
                ("last_rows_at", models.DateTimeField(null=True)),
                ("whole_at", models.DateTimeField(null=True)),
                ("reconciled_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "cases_work_order_source",
            },
        ),
        migrations.CreateModel(
            name="WorkOrderWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.TextField()),
                (
                    "category",
                    models.TextField(
                        choices=[
                            ("SIGNED_NOT_RECEIVED", "显示签收未收到"),
                            ("NO_DOOR_DELIVERY", "要求送货上门"),
                            ("UNCONSENTED_PLACEMENT", "未经同意放柜、驿站或门口"),
                            ("LOST", "疑似丢失"),
                            ("PARCEL_NOT_FOUND", "驿站找不到件"),
                            ("SHORT", "内件短少"),
                            ("CONTENT_MISMATCH", "内件不符"),
                            ("DAMAGED", "破损"),
                            ("MISDELIVERED", "送错"),
                            ("TAKEN_BY_OTHER", "被别人错拿"),
                            ("DELAY", "时效延误"),
                            ("ATTITUDE", "服务态度"),
                            ("PICKUP_CODE", "取件码问题"),
                            ("STATION_SERVICE", "驿站服务"),
                            ("DELIVERY_SERVICE", "其他派送问题"),
                            ("ACCEPTANCE", "收寄服务"),
                            ("OVERCHARGE", "违规收费"),
                            ("CASH_ON_DELIVERY", "代收货款"),
                            ("PRIVACY", "个人信息泄露"),
                            ("SAFETY", "安全问题"),
                            ("URGE", "催件"),
                            ("REDIRECT", "改地址"),
                            ("RESCHEDULE", "改派送时间"),
                            ("INTERCEPT", "拦截"),
                            ("RETURN", "退回"),
                            ("ENQUIRY", "咨询查件"),
                            ("SUGGESTION", "建议"),
                            ("PRAISE", "表扬"),
                            ("OTHER", "其他"),
                            ("FALSE_SIGN_OFF", "虚假签收"),
                        ],
                        default="",
                    ),
                ),
                ("first_seen_at", models.DateTimeField()),
                ("meant_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "cases_work_order_word",
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("answered_there_at__isnull", True), models.Q(("external_no", ""), _negated=True)
                ),
                fields=["external_due_at"],
                name="cases_to_answer_there",
            ),
        ),
        migrations.AddField(
            model_name="sentanswer",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sentanswer",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sent_answers", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="work_orders", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="workorderdifference",
            name="noted_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="workorderdifference",
            name="work_order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="differences", to="cases.workorder"
            ),
        ),
        migrations.AddField(
            model_name="workorderrun",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="workorderrun",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="cases.workordersource"
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="work_orders",
                to="cases.workordersource",
            ),
        ),
        migrations.AddField(
            model_name="sentanswer",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.workordersource",
            ),
        ),
        migrations.AddField(
            model_name="workorderword",
            name="meant_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="workorderword",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="words",
                to="cases.workordersource",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorderdifference",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("work_order", "kind"),
                name="cases_difference_once",
            ),
        ),
        migrations.AddIndex(
            model_name="workorderrun",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["due_at"],
                name="cases_work_order_run_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(
                fields=("source", "external_no"), name="cases_work_order_once"
            ),
        ),
        migrations.AddIndex(
            model_name="sentanswer",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="cases_sent_answer_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="sentanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("due_at__isnull", False)), fields=("case",), name="cases_sent_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="workorderword",
            constraint=models.UniqueConstraint(fields=("source", "word"), name="cases_work_order_word_once"),
        ),
    ]
