"""Messages ahead with their private link; what goes out after one that did not reach; what came of a call."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consignees', '0004_backup_contact'),
        ('conversations', '0008_call_back_phrases'),
        ('network', '0001_initial'),
        ('notifications', '0011_couriers_word'),
        ('shipments', '0015_door_choices'),
    ]

    operations = [
        migrations.CreateModel(
            name='AheadNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.BinaryField(max_length=16)),
                ('day', models.DateField()),
                ('language', models.TextField(default='zh-hans')),
                ('token_hash', models.BinaryField(max_length=32, unique=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('from_at', models.DateTimeField(null=True)),
                ('until_at', models.DateTimeField(null=True)),
                ('slips', models.PositiveSmallIntegerField(default=0)),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'notifications_ahead_note',
            },
        ),
        migrations.CreateModel(
            name='AheadParcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
            ],
            options={
                'db_table': 'notifications_ahead_parcel',
            },
        ),
        migrations.CreateModel(
            name='AheadSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.TextField(choices=[('OFF', '不发'), ('SOME', '只发有要求、有承诺或有风险的'), ('ALL', '都发')], default='OFF')),
                ('channels', models.JSONField(default=list)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.TextField()),
            ],
            options={
                'db_table': 'notifications_ahead_setting',
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='after',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='next_ones', to='notifications.delivery'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='chain',
            field=models.BinaryField(editable=True, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='receipt',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='delivery',
            name='receipt_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='channel',
            field=models.TextField(choices=[('EMAIL', '电子邮件'), ('SMS', '短信'), ('WECHAT', '微信公众号'), ('WECOM', '企业微信群'), ('DINGTALK', '钉钉群'), ('FEISHU', '飞书群'), ('PHONE', '电话语音'), ('VOICE', '语音电话')]),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='kind',
            field=models.TextField(choices=[('ACK', '收到诉求'), ('PUBLIC_STEP', '处理进度'), ('SETTLED', '处理结果'), ('RATING_REQUEST', '邀请评价'), ('CODE', '验证码'), ('ETA_SLIP', '快递要晚到'), ('INCIDENT', '快递遇到问题'), ('WISH', '问收货偏好'), ('SENT', '寄的快递已收下'), ('COURIER', '快递员发的通知'), ('AHEAD', '今天派送'), ('AHEAD_SLIP', '今天要晚到'), ('STAFF_WARNING', '快到时限'), ('STAFF_BREACH', '已超时限'), ('STAFF_ESCALATION', '升级提醒'), ('FEED_ALARM', '轨迹来源异常'), ('RULE_ALARM', '自动规则异常'), ('MESSAGE', '会话消息'), ('STAFF_WORK', '请你处理')]),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('channel', 'VOICE'), ('receipt', ''), ('state', 'SENT')), fields=['sent_at'], name='notifications_unheard_call'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('after__isnull', False)), fields=('after',), name='notifications_one_after_another'),
        ),
        migrations.AddField(
            model_name='aheadnote',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='consignees.contact'),
        ),
        migrations.AddField(
            model_name='aheadparcel',
            name='note',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parcels', to='notifications.aheadnote'),
        ),
        migrations.AddField(
            model_name='aheadparcel',
            name='shipment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shipments.shipment'),
        ),
        migrations.AddField(
            model_name='aheadsetting',
            name='outlet',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='network.outlet'),
        ),
        migrations.AddIndex(
            model_name='aheadnote',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='notifications_ahead_due'),
        ),
        migrations.AddConstraint(
            model_name='aheadnote',
            constraint=models.UniqueConstraint(condition=models.Q(('told_at__isnull', True)), fields=('person', 'day'), name='notifications_ahead_gathering'),
        ),
        migrations.AddConstraint(
            model_name='aheadparcel',
            constraint=models.UniqueConstraint(fields=('shipment', 'day'), name='notifications_ahead_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='aheadsetting',
            constraint=models.UniqueConstraint(fields=('outlet',), name='notifications_ahead_one_setting', nulls_distinct=False),
        ),
    ]
