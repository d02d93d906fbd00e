"""Case types and workflows as versions, and the version that caches go by."""

from django.conf import settings
from django.db import migrations, models
import django.db.models.deletion

# the number comes from a sequence: what was read inside a transaction that was given up never comes again
VERSION = """
CREATE SEQUENCE cases_types_version;
INSERT INTO cases_types_setup (version) VALUES (nextval('cases_types_version'));
CREATE FUNCTION cases_raise_types_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cases_types_setup SET version = nextval('cases_types_version');
    RETURN NULL;
END $$;
CREATE TRIGGER cases_raise_types_version AFTER INSERT OR UPDATE OR DELETE ON cases_type
    FOR EACH STATEMENT EXECUTE FUNCTION cases_raise_types_version();
CREATE TRIGGER cases_raise_types_version AFTER INSERT OR UPDATE OR DELETE ON cases_workflow
    FOR EACH STATEMENT EXECUTE FUNCTION cases_raise_types_version();
"""
UNDO = "DROP FUNCTION cases_raise_types_version CASCADE; DROP SEQUENCE cases_types_version; DELETE FROM cases_types_setup"


def versioned():
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("key", models.TextField()),
        ("version", models.PositiveIntegerField()),
        ("is_latest", models.BooleanField(default=True)),
        ("is_active", models.BooleanField(default=True)),
        ("name", models.TextField()),
        ("name_en", models.TextField(default="")),
        ("made_at", models.DateTimeField()),
        ("why", models.TextField(default="")),
        (
            "made_by",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_parties"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="TypesSetup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField()),
            ],
            options={"db_table": "cases_types_setup"},
        ),
        migrations.CreateModel(
            name="CaseType",
            fields=[
                *versioned(),
                ("parent_key", models.TextField(default="")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("category", models.TextField(default="")),
                ("regulator_group", models.TextField(default="")),
                ("regulator_item", models.TextField(default="")),
                ("fields", models.JSONField(default=list)),
                ("role", models.TextField(default="")),
                ("evidence", models.JSONField(default=list)),
                ("workflow_key", models.TextField(default="")),
                ("compensation_key", models.TextField(default="")),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
                ("regions", models.JSONField(default=list)),
            ],
            options={"db_table": "cases_type", "abstract": False},
        ),
        migrations.CreateModel(
            name="WorkflowVersion",
            fields=[*versioned(), ("start", models.TextField()), ("steps", models.JSONField())],
            options={"db_table": "cases_workflow", "abstract": False},
        ),
        migrations.AddConstraint(
            model_name="casetype",
            constraint=models.UniqueConstraint(fields=("key", "version"), name="cases_type_version"),
        ),
        migrations.AddConstraint(
            model_name="casetype",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_latest", True)), fields=("key",), name="cases_type_latest"
            ),
        ),
        migrations.AddConstraint(
            model_name="workflowversion",
            constraint=models.UniqueConstraint(fields=("key", "version"), name="cases_workflow_version"),
        ),
        migrations.AddConstraint(
            model_name="workflowversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_latest", True)), fields=("key",), name="cases_workflow_latest"
            ),
        ),
        migrations.RunSQL(VERSION, UNDO),
    ]
