"""A station brings parcels to the door for its fee."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0003_full_mode'),
        ('stations', '0007_ladder'),
    ]

    operations = [
        migrations.CreateModel(
            name='DoorService',
            fields=[
                ('station', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='door_service', serialize=False, to='network.station')),
                ('fee_fen', models.PositiveIntegerField()),
                ('updated_at', models.DateTimeField()),
                ('updated_by', models.TextField()),
            ],
            options={
                'db_table': 'stations_door_service',
            },
        ),
        migrations.AlterField(
            model_name='handout',
            name='how',
            field=models.TextField(choices=[('CODE', 'Code'), ('DYNAMIC', 'Dynamic'), ('TAIL', 'Tail'), ('ID', 'Id'), ('PROXY', 'Proxy'), ('MIRROR', 'Mirror'), ('DEVICE', 'Device'), ('DOOR', 'Door')]),
        ),
        migrations.CreateModel(
            name='DoorWish',
            fields=[
                ('parcel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='door_wish', serialize=False, to='stations.stationparcel')),
                ('address', models.BinaryField(default='', editable=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('fee_fen', models.PositiveIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'stations_door_wish',
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='stations_door_wish_slot')],
            },
        ),
    ]
