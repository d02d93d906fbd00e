"""Searches for parcels: places, people asked, cameras, rounds, result."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0013_outlets_day'),
        ('network', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LookedFor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.TextField(choices=[('SEARCHING', '正在找'), ('FOUND', '找到了'), ('NOT_FOUND', '没找到')], default='SEARCHING')),
                ('opened_at', models.DateTimeField()),
                ('where', models.TextField(default='')),
                ('result', models.TextField(default='')),
                ('ended_at', models.DateTimeField(null=True)),
                ('recovered_where', models.TextField(default='')),
                ('recovered_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lost_searches', to='cases.case')),
                ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'cases_lost_search',
            },
        ),
        migrations.CreateModel(
            name='PlaceLookedAt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.TextField()),
                ('name', models.TextField(default='')),
                ('is_there', models.BooleanField(null=True)),
                ('said', models.TextField(default='')),
                ('looked_at', models.DateTimeField(null=True)),
                ('looked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outlet', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.outlet')),
                ('search', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='cases.lookedfor')),
                ('task', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.task')),
            ],
            options={
                'db_table': 'cases_lost_search_place',
            },
        ),
        migrations.CreateModel(
            name='SearchNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('ASKED', '问人'), ('CCTV', '监控'), ('PATROL', '巡查')])),
                ('what', models.BinaryField(default='', editable=True)),
                ('said', models.BinaryField(default='', editable=True)),
                ('from_at', models.DateTimeField(null=True)),
                ('until_at', models.DateTimeField(null=True)),
                ('kept_until', models.DateField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('search', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='cases.lookedfor')),
            ],
            options={
                'db_table': 'cases_lost_search_note',
            },
        ),
        migrations.AddConstraint(
            model_name='lookedfor',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'SEARCHING')), fields=('case',), name='cases_one_search_at_a_time'),
        ),
    ]
