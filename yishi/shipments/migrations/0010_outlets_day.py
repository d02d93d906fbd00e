"""What stands with an outlet, by state: one index that also serves what the plain one did, and that most scans leave alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0001_initial'),
        ('shipments', '0009_delivery_hours'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(fields=['outlet', 'milestone'], name='shipments_of_outlet'),
        ),
        migrations.AlterField(
            model_name='shipment',
            name='outlet',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='network.outlet'),
        ),
    ]
