"""What a proof is, and when and where it is said to have been taken."""

from django.db import migrations, models

KINDS = [
    ("PHOTO", "照片"),
    ("SIGN_SLIP", "签收底单"),
    ("WEIGHING", "称重照片"),
    ("PACKING", "打包照片"),
    ("VALUE_PROOF", "价值证明"),
    ("RECORDING", "通话录音"),
    ("VIDEO", "视频"),
    ("CCTV", "监控位置"),
    ("CHAT", "聊天记录"),
    ("CALLS", "联系记录"),
    ("TRACE", "轨迹快照"),
    ("POSITION", "定位"),
    ("DOCUMENT", "其他文件"),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_shipped_types")]

    operations = [
        migrations.AddField(
            "evidence", "kind", models.TextField(choices=KINDS, db_default="DOCUMENT", default="DOCUMENT")
        ),
        migrations.AddField("evidence", "taken_at", models.DateTimeField(null=True)),
        migrations.AddField("evidence", "position", models.BinaryField(editable=True, null=True)),
    ]
