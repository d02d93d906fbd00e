"""What a consignee chose for one parcel, and the hours at which couriers deliver."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0001_initial'),
        ('shipments', '0014_rounds'),
    ]

    operations = [
        migrations.CreateModel(
            name='SigningHours',
            fields=[
                ('key', models.TextField(primary_key=True, serialize=False)),
                ('count', models.IntegerField()),
                ('minutes', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('stretch', models.FloatField()),
            ],
            options={
                'db_table': 'shipments_signing_hours',
            },
        ),
        migrations.CreateModel(
            name='DoorChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('via', models.TextField()),
                ('from_at', models.DateTimeField(null=True)),
                ('until_at', models.DateTimeField(null=True)),
                ('named', models.BinaryField(default='', editable=True)),
                ('chosen_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='door_choices', to='shipments.shipment')),
                ('station', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='network.station')),
            ],
            options={
                'db_table': 'shipments_door_choice',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('shipment',), name='shipments_door_choice_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['DOOR', 'GUARD', 'HOME', 'NEIGHBOUR', 'STATION', 'TIME'])), name='shipments_door_choice_kind')],
            },
        ),
    ]
