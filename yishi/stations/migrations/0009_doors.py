"""A station brings parcels to the door for its fee; a phone can be added later."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0003_full_mode'),
        ('stations', '0008_id_reader'),
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
        migrations.AlterField(
            model_name='stationmove',
            name='kind',
            field=models.TextField(choices=[('BOOKED_IN', 'Booked In'), ('UNDONE', 'Undone'), ('SHELVED', 'Shelved'), ('EXTENDED', 'Extended'), ('CHOSEN', 'Chosen'), ('SENT_AGAIN', 'Sent Again'), ('REMINDED', 'Reminded'), ('CALLED', 'Called'), ('HANDED_OUT', 'Handed Out'), ('RETURNED', 'Returned'), ('MOVED', 'Moved'), ('LOST', 'Lost'), ('PHONE_SET', 'Phone Set')]),
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
