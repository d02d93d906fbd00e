"""A corporate shipper has one named contact of ours, a cut-off and a private page."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='merchant',
            name='agent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='merchant',
            name='cut_off',
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name='merchant',
            name='link_hash',
            field=models.BinaryField(max_length=32, null=True, unique=True),
        ),
    ]
