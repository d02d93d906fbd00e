"""Bookings: slips, files, what was taken down, and the operator's rules of goods."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consignees', '0003_wishes_and_consents'),
        ('network', '0002_named_contact'),
        ('shipments', '0012_placing'),
    ]

    operations = [
        migrations.CreateModel(
            name='NoService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.TextField()),
                ('reason', models.TextField(default='')),
                ('added_at', models.DateTimeField()),
                ('added_by', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.TextField(default='')),
            ],
            options={
                'db_table': 'shipments_no_service',
            },
        ),
        migrations.CreateModel(
            name='BookingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('said_hash', models.BinaryField(max_length=32, unique=True)),
                ('state', models.TextField(default='READY')),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.TextField(default='')),
                ('merchant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='network.merchant')),
                ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='network.outlet')),
            ],
            options={
                'db_table': 'shipments_booking_file',
            },
        ),
        migrations.CreateModel(
            name='BookingSlip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_id', models.UUIDField()),
                ('text', models.BinaryField(default='', editable=True)),
                ('state', models.TextField(default='WAITING')),
                ('why', models.TextField(default='')),
                ('due_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by', models.TextField()),
                ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='network.outlet')),
            ],
            options={
                'db_table': 'shipments_booking_slip',
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.TextField(default='')),
                ('sender', models.BinaryField(editable=True)),
                ('receiver', models.BinaryField(editable=True)),
                ('place', models.TextField(default='')),
                ('goods', models.TextField(default='')),
                ('goods_kinds', models.JSONField(default=list)),
                ('verdict', models.TextField(default='')),
                ('is_opened', models.BooleanField(default=False)),
                ('declared_value_fen', models.BigIntegerField(null=True)),
                ('is_insured', models.BooleanField(default=False)),
                ('doubts', models.JSONField(default=list)),
                ('source', models.TextField()),
                ('booked_at', models.DateTimeField()),
                ('booked_by', models.TextField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('tell_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('merchant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='network.merchant')),
                ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='network.outlet')),
                ('receiver_contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='consignees.contact')),
                ('sender_contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='consignees.contact')),
                ('shipment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='bookings', to='shipments.shipment')),
                ('slip', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='bookings', to='shipments.bookingslip')),
            ],
            options={
                'db_table': 'shipments_booking',
            },
        ),
        migrations.CreateModel(
            name='GoodsRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField()),
                ('word', models.TextField(default='')),
                ('words', models.JSONField(default=list)),
                ('verdict', models.TextField()),
                ('steps', models.JSONField(default=list)),
                ('needs_ice', models.BooleanField(default=False)),
                ('best_before_hours', models.PositiveSmallIntegerField(null=True)),
                ('reason', models.TextField(default='')),
                ('source', models.TextField(default='')),
                ('added_at', models.DateTimeField()),
                ('added_by', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.TextField(default='')),
            ],
            options={
                'db_table': 'shipments_goods_rule',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('key',), name='shipments_goods_rule_runs')],
            },
        ),
        migrations.CreateModel(
            name='BookingRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('said', models.BinaryField(editable=True)),
                ('reference', models.TextField(default='')),
                ('faults', models.JSONField(default=list)),
                ('is_refused', models.BooleanField(default=False)),
                ('booking', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rows', to='shipments.booking')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='shipments.bookingfile')),
            ],
            options={
                'db_table': 'shipments_booking_row',
                'constraints': [models.UniqueConstraint(fields=('file', 'line'), name='shipments_booking_row_once')],
            },
        ),
        migrations.AddIndex(
            model_name='bookingslip',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='shipments_slip_due'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('accepted_at__isnull', True)), fields=['shipment'], name='shipments_booking_open'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('tell_at__isnull', False)), fields=['tell_at'], name='shipments_booking_tell'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['outlet', 'booked_at'], name='shipments_booking_day'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(condition=models.Q(('merchant__isnull', False), models.Q(('reference', ''), _negated=True)), fields=('merchant', 'reference'), name='shipments_booking_once'),
        ),
    ]
