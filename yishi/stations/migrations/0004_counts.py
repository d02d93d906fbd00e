"""Stock counts, parcels in wrong hands, scan-and-photo machines and packing materials."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0002_named_contact'),
        ('shipments', '0013_bookings'),
        ('stations', '0003_queue'),
    ]

    operations = [
        migrations.AlterField(
            model_name='handout',
            name='how',
            field=models.TextField(choices=[('CODE', 'Code'), ('DYNAMIC', 'Dynamic'), ('TAIL', 'Tail'), ('ID', 'Id'), ('PROXY', 'Proxy'), ('MIRROR', 'Mirror'), ('DEVICE', 'Device')]),
        ),
        migrations.CreateModel(
            name='Material',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField(unique=True)),
                ('label', models.TextField()),
                ('unit', models.TextField(default='')),
                ('goods', models.JSONField(default=list)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'stations_material',
                'constraints': [models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='stations_material_coded')],
            },
        ),
        migrations.CreateModel(
            name='MaterialStock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('left', models.IntegerField(default=0)),
                ('low_at', models.PositiveIntegerField(default=0)),
                ('material', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stocks', to='stations.material')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='materials', to='network.station')),
            ],
            options={
                'db_table': 'stations_material_stock',
            },
        ),
        migrations.CreateModel(
            name='MaterialMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.IntegerField()),
                ('at', models.DateTimeField(db_index=True)),
                ('moved_by', models.TextField()),
                ('note', models.TextField(default='')),
                ('shipment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='packings', to='shipments.shipment')),
                ('stock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='stations.materialstock')),
            ],
            options={
                'db_table': 'stations_material_move',
            },
        ),
        migrations.CreateModel(
            name='StationDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.TextField()),
                ('key_hash', models.BinaryField(max_length=32, unique=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.TextField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('last_seen_at', models.DateTimeField(null=True)),
                ('offset_ms', models.BigIntegerField(null=True)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to='network.station')),
            ],
            options={
                'db_table': 'stations_device',
            },
        ),
        migrations.CreateModel(
            name='DevicePush',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('push_id', models.TextField()),
                ('waybill_no', models.TextField(default='')),
                ('file_id', models.UUIDField()),
                ('device_at', models.DateTimeField(null=True)),
                ('at', models.DateTimeField(db_index=True)),
                ('state', models.TextField(choices=[('WAITING', 'Waiting'), ('DONE', 'Done'), ('REFUSED', 'Refused')], default='WAITING')),
                ('reason', models.TextField(default='')),
                ('hand_out', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stations.handout')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pushes', to='stations.stationdevice')),
            ],
            options={
                'db_table': 'stations_device_push',
            },
        ),
        migrations.CreateModel(
            name='StockCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.TextField(choices=[('OPEN', 'Open'), ('ENDED', 'Ended'), ('DROPPED', 'Dropped')], default='OPEN')),
                ('began_at', models.DateTimeField()),
                ('began_by', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.TextField(default='')),
                ('scanned', models.PositiveIntegerField(default=0)),
                ('expected', models.PositiveIntegerField(default=0)),
                ('shelf', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='stations.shelf')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='network.station')),
            ],
            options={
                'db_table': 'stations_count',
            },
        ),
        migrations.CreateModel(
            name='CountScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.TextField()),
                ('waybill_no', models.TextField(default='')),
                ('place', models.TextField(default='')),
                ('at', models.DateTimeField()),
                ('scanned_by', models.TextField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scans', to='stations.stockcount')),
            ],
            options={
                'db_table': 'stations_count_scan',
            },
        ),
        migrations.CreateModel(
            name='CountDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('waybill_no', models.TextField(default='')),
                ('booked', models.TextField(default='')),
                ('seen', models.TextField(default='')),
                ('at', models.DateTimeField()),
                ('last_by', models.TextField(default='')),
                ('last_at', models.DateTimeField(null=True)),
                ('last_kind', models.TextField(default='')),
                ('case_no', models.TextField(default='')),
                ('settled', models.TextField(choices=[('FOUND', 'Found'), ('MOVED', 'Moved'), ('BOOKED_IN', 'Booked In'), ('SENT_ON', 'Sent On'), ('LOOKED', 'Looked')], default='')),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.TextField(default='')),
                ('parcel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stations.stationparcel')),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='stations.stockcount')),
            ],
            options={
                'db_table': 'stations_count_difference',
            },
        ),
        migrations.CreateModel(
            name='WrongTaking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marked_at', models.DateTimeField()),
                ('marked_by', models.TextField()),
                ('note', models.TextField(default='')),
                ('case_no', models.TextField(default='')),
                ('back_at', models.DateTimeField(null=True)),
                ('back_by', models.TextField(default='')),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='takings', to='stations.stationparcel')),
            ],
            options={
                'db_table': 'stations_wrong_taking',
            },
        ),
        migrations.CreateModel(
            name='TakerAsked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.TextField()),
                ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stations.stationparcel')),
                ('taking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='stations.wrongtaking')),
            ],
            options={
                'db_table': 'stations_taker_asked',
            },
        ),
        migrations.AddConstraint(
            model_name='materialstock',
            constraint=models.UniqueConstraint(fields=('station', 'material'), name='stations_stock_once'),
        ),
        migrations.AddConstraint(
            model_name='materialstock',
            constraint=models.CheckConstraint(condition=models.Q(('left__gte', 0)), name='stations_stock_some'),
        ),
        migrations.AddConstraint(
            model_name='devicepush',
            constraint=models.UniqueConstraint(fields=('device', 'push_id'), name='stations_push_once'),
        ),
        migrations.AddIndex(
            model_name='stockcount',
            index=models.Index(fields=['station', '-began_at'], name='stations_count_at'),
        ),
        migrations.AddConstraint(
            model_name='stockcount',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'OPEN')), fields=('station', 'shelf'), name='stations_count_one_open', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='stockcount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='stations_count_ended'),
        ),
        migrations.AddConstraint(
            model_name='countscan',
            constraint=models.UniqueConstraint(fields=('count', 'client_id'), name='stations_count_scan_once'),
        ),
        migrations.AddIndex(
            model_name='countdifference',
            index=models.Index(condition=models.Q(('kind', 'MISSING'), ('settled', '')), fields=['waybill_no'], name='stations_count_missing'),
        ),
        migrations.AddConstraint(
            model_name='wrongtaking',
            constraint=models.UniqueConstraint(condition=models.Q(('back_at__isnull', True)), fields=('parcel',), name='stations_taking_one_open'),
        ),
        migrations.AddConstraint(
            model_name='takerasked',
            constraint=models.UniqueConstraint(fields=('taking', 'parcel'), name='stations_taker_once'),
        ),
    ]
