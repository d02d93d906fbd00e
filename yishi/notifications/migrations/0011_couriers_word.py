"""A courier tells a person by an approved text."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0010_sent_parcels'),
    ]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='kind',
            field=models.TextField(choices=[('ACK', '收到诉求'), ('PUBLIC_STEP', '处理进度'), ('SETTLED', '处理结果'), ('RATING_REQUEST', '邀请评价'), ('CODE', '验证码'), ('ETA_SLIP', '快递要晚到'), ('INCIDENT', '快递遇到问题'), ('WISH', '问收货偏好'), ('SENT', '寄的快递已收下'), ('COURIER', '快递员发的通知'), ('STAFF_WARNING', '快到时限'), ('STAFF_BREACH', '已超时限'), ('STAFF_ESCALATION', '升级提醒'), ('FEED_ALARM', '轨迹来源异常'), ('RULE_ALARM', '自动规则异常'), ('MESSAGE', '会话消息'), ('STAFF_WORK', '请你处理')]),
        ),
    ]
