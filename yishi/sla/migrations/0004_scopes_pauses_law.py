"""Policies by more scopes and as versions; provable pauses; levels; law as data; promises reckoned anew."""

import datetime
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0001_initial'),
        ('sla', '0003_promises_beside'),
    ]

    operations = [
        migrations.CreateModel(
            name='Level',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(unique=True)),
                ('who', models.TextField()),
                ('within', models.DurationField(null=True)),
                ('respects_hours', models.BooleanField(default=True)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'sla_level',
            },
        ),
        migrations.AddField(
            model_name='setup',
            name='quiet_from',
            field=models.TimeField(db_default=datetime.time(22, 0), default=datetime.time(22, 0)),
        ),
        migrations.AddField(
            model_name='setup',
            name='quiet_until',
            field=models.TimeField(db_default=datetime.time(7, 30), default=datetime.time(7, 30)),
        ),
        migrations.AddField(
            model_name='slaclock',
            name='changed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='slaclock',
            name='given_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='customer_class',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='made_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='made_by_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='outlet',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='network.outlet'),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='priority',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='profile',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='region',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='network.region'),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='replaces',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sla.slapolicy'),
        ),
        migrations.AddField(
            model_name='slapolicy',
            name='type_key',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.TextField()),
                ('what_id', models.BigIntegerField()),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('by_user_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'sla_change',
                'indexes': [models.Index(fields=['what', 'what_id', 'id'], name='sla_change_of')],
            },
        ),
        migrations.CreateModel(
            name='Law',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField()),
                ('title', models.TextField(default='')),
                ('year', models.TextField(default='')),
                ('article', models.TextField(default='')),
                ('source', models.TextField()),
                ('text', models.TextField()),
                ('note', models.TextField(default='')),
                ('province', models.TextField(default='')),
                ('within', models.DurationField(null=True)),
                ('valid_from', models.DateField(null=True)),
                ('valid_until', models.DateField(null=True)),
                ('is_law', models.BooleanField()),
                ('is_chosen', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'sla_law',
                'constraints': [models.CheckConstraint(condition=models.Q(('is_law', False), models.Q(('year', ''), _negated=True), _connector='OR'), name='sla_law_has_a_year')],
            },
        ),
        migrations.AddField(
            model_name='slaclock',
            name='law',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sla.law'),
        ),
        migrations.CreateModel(
            name='PauseLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.TextField()),
                ('kind', models.TextField(choices=[('FIRST_RESPONSE', '首次回复'), ('NEXT_UPDATE', '下次进展'), ('RESOLUTION', '解决'), ('EXTERNAL', '外部工单时限'), ('REGULATOR', '邮政申诉答复'), ('ARBITRATION', '仲裁举证'), ('STEP', '流程步骤'), ('TASK', '任务'), ('HANDOVER', '转交待接收'), ('CLAIM', '理赔'), ('INTERCEPT', '拦截'), ('APPEAL_RIGHT', '可向邮政管理部门申诉')])),
                ('within', models.DurationField()),
            ],
            options={
                'db_table': 'sla_pause_limit',
                'constraints': [models.UniqueConstraint(fields=('status', 'kind'), name='sla_pause_limit_once'), models.CheckConstraint(condition=models.Q(('within__gt', datetime.timedelta(0))), name='sla_pause_positive')],
            },
        ),
        migrations.CreateModel(
            name='Recompute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.TextField()),
                ('data', models.JSONField(default=dict)),
                ('outlet_id', models.BigIntegerField(null=True)),
                ('asked_by_id', models.BigIntegerField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('last_case_id', models.BigIntegerField(default=0)),
                ('cases', models.PositiveIntegerField(default=0)),
                ('moved', models.PositiveIntegerField(default=0)),
                ('due_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'sla_recompute',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='sla_recompute_due')],
            },
        ),
        migrations.CreateModel(
            name='SlaPause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.TextField()),
                ('reason', models.TextField(default='')),
                ('entry_id', models.BigIntegerField(null=True)),
                ('from_at', models.DateTimeField()),
                ('limit_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(default='')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='sla.slaclock')),
            ],
            options={
                'db_table': 'sla_pause',
                'constraints': [models.UniqueConstraint(condition=models.Q(('until_at__isnull', True)), fields=('clock',), name='sla_pause_once')],
            },
        ),
    ]
