"""Files of head office: imports, what they said and changed, their refused rows, people to be matched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feeds", "0003_outgoing"),
        ("kit", "0001_initial"),
        ("network", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outlet_code", models.TextField(default="")),
                ("name", models.BinaryField(editable=True)),
                ("size", models.PositiveBigIntegerField()),
                ("body_hash", models.BinaryField(db_index=True, max_length=32)),
                ("sheets", models.JSONField(default=list)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("CHECKING", "正在看"),
                            ("READY", "等你确认"),
                            ("IMPORTING", "正在导入"),
                            ("DONE", "已导入"),
                            ("UNDOING", "正在撤销"),
                            ("UNDONE", "已撤销"),
                            ("DROPPED", "没有导入"),
                            ("FAILED", "没能做完"),
                        ],
                        default="CHECKING",
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("position", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("accepted", models.PositiveIntegerField(default=0)),
                ("duplicate", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                ("preview", models.BinaryField(default="", editable=True)),
                ("kept", models.BinaryField(default="", editable=True)),
                ("error", models.TextField(default="")),
                ("uploaded_by", models.TextField()),
                ("uploaded_at", models.DateTimeField()),
                ("confirmed_by", models.TextField(default="")),
                ("finished_at", models.DateTimeField(null=True)),
                ("undone_by", models.TextField(default="")),
                ("undone_reason", models.TextField(default="")),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kit.storedfile",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imports", to="feeds.source"
                    ),
                ),
            ],
            options={
                "db_table": "feeds_file_import",
            },
        ),
        migrations.CreateModel(
            name="FilePerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("carrier", models.TextField()),
                ("key_hash", models.BinaryField(max_length=16)),
                ("said", models.BinaryField(editable=True)),
                ("outlet_code", models.TextField(default="")),
                ("rows", models.PositiveIntegerField(default=0)),
                ("first_seen_at", models.DateTimeField()),
                ("assigned_by", models.TextField(default="")),
                ("assigned_at", models.DateTimeField(null=True)),
                (
                    "courier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="network.courier",
                    ),
                ),
            ],
            options={
                "db_table": "feeds_file_person",
            },
        ),
        migrations.CreateModel(
            name="FileEffect",
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
                            ("PARCEL", "Parcel"),
                            ("DETAILS", "Details"),
                            ("EVENT", "Event"),
                            ("CONTACT", "Contact"),
                            ("RECORD", "Record"),
                        ]
                    ),
                ),
                ("mark", models.BinaryField(db_index=True, max_length=16)),
                ("what", models.TextField(default="")),
                ("shipment_id", models.BigIntegerField(null=True)),
                ("happened_at", models.DateTimeField(null=True)),
                ("before", models.BinaryField(default="", editable=True)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="effects",
                        to="feeds.fileimport",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="effects",
                        to="feeds.fileperson",
                    ),
                ),
            ],
            options={
                "db_table": "feeds_file_effect",
            },
        ),
        migrations.CreateModel(
            name="FileRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.BinaryField(max_length=16, unique=True)),
                ("layout", models.TextField()),
                ("kind", models.TextField()),
                ("carrier", models.TextField()),
                ("waybill_no", models.TextField(db_index=True, default="")),
                ("label", models.TextField(default="")),
                ("happened_at", models.DateTimeField(null=True)),
                ("outlet_code", models.TextField(default="")),
                ("amount_fen", models.BigIntegerField(null=True)),
                ("rate", models.FloatField(null=True)),
                ("words", models.BinaryField(editable=True)),
                ("noted_at", models.DateTimeField()),
                (
                    "courier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="network.courier",
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="records",
                        to="feeds.fileimport",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="records",
                        to="feeds.fileperson",
                    ),
                ),
            ],
            options={
                "db_table": "feeds_file_record",
            },
        ),
        migrations.CreateModel(
            name="FileRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sheet", models.PositiveSmallIntegerField()),
                ("line", models.PositiveIntegerField()),
                ("reason", models.TextField()),
                ("cells", models.BinaryField(editable=True)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refusals",
                        to="feeds.fileimport",
                    ),
                ),
            ],
            options={
                "db_table": "feeds_file_refusal",
            },
        ),
        migrations.AddIndex(
            model_name="fileimport",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="feeds_file_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="fileperson",
            constraint=models.UniqueConstraint(fields=("carrier", "key_hash"), name="feeds_file_person_once"),
        ),
        migrations.AddIndex(
            model_name="fileeffect",
            index=models.Index(fields=["shipment_id"], name="feeds_file_effect_parcel"),
        ),
        migrations.AddConstraint(
            model_name="fileeffect",
            constraint=models.UniqueConstraint(fields=("of", "kind", "mark"), name="feeds_file_effect_once"),
        ),
    ]
