"""Seals the lines that were written before there were seals, 500 cases a transaction."""

from django.db import migrations, transaction

BATCH = 500
# the case is held as every writer holds it, so that no line slips in between
SEAL = """
SELECT count(cases_seal_history(held.id)), max(held.id)
  FROM (SELECT id FROM cases_case WHERE id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE) AS held
"""


def seal(apps, schema_editor):
    last = 0
    while last is not None:
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.execute(SEAL, [last, BATCH])
            _, last = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0006_hash_chain")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
