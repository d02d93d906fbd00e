"""What people can and carry, what counts how much, and cases offered to other outlets."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEY = {"auto_created": True, "primary_key": True, "serialize": False, "verbose_name": "ID"}


def first_weights(apps, editor):
    apps.get_model("routing", "Weights").objects.get_or_create(pk=1)


def small(default):
    return models.PositiveSmallIntegerField(default=default)


def person(**more):
    return models.ForeignKey(
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **more,
    )


def outlet(**more):
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="network.outlet",
        **more,
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0009_parties"),
        ("network", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Weights",
            fields=[
                ("id", models.BigAutoField(**KEY)),
                ("category", small(30)),
                ("case_class", small(15)),
                ("language", small(60)),
                ("knows", small(40)),
                ("load", small(2)),
                ("most_open", small(40)),
                ("knows_days", small(30)),
                ("accept_within", small(120)),
            ],
            options={
                "db_table": "routing_weights",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="routing_weights_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accept_within__range", (1, 10080)),
                            ("knows_days__lte", 400),
                            ("most_open__range", (1, 1000)),
                        ),
                        name="routing_weights_sane",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Helper",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("most_open", models.PositiveSmallIntegerField()),
            ],
            options={"db_table": "routing_helper"},
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("id", models.BigAutoField(**KEY)),
                (
                    "kind",
                    models.TextField(
                        choices=[("CATEGORY", "诉求类型"), ("CLASS", "一类诉求"), ("LANGUAGE", "语言")]
                    ),
                ),
                ("value", models.TextField()),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "routing_skill",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "value"), name="routing_skill_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(**KEY)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                ("from_outlet", outlet(null=True)),
                ("to_outlet", outlet()),
                ("reason", models.TextField()),
                ("entry_id", models.BigIntegerField()),
                ("answer_entry_id", models.BigIntegerField(null=True)),
                ("asked_by", person()),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", person()),
                (
                    "answer",
                    models.TextField(
                        choices=[
                            ("ACCEPTED", "接收了"),
                            ("REFUSED", "不接收"),
                            ("LAPSED", "到时没答复"),
                            ("WITHDRAWN", "收回了"),
                        ],
                        default="",
                    ),
                ),
                ("answer_reason", models.TextField(default="")),
            ],
            options={
                "db_table": "routing_handover",
                "indexes": [models.Index(fields=["case", "id"], name="routing_handover_of_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("case",),
                        name="routing_handover_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="routing_handover_answered",
                    ),
                ],
            },
        ),
        migrations.RunPython(first_weights, migrations.RunPython.noop),
    ]
