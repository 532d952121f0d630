"""Subscribers are mailed of maintenance; and of mails that were sent the words are no longer kept: there are links in them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0014_decisions")]
    operations = [
        migrations.AddField(
            model_name="mail",
            name="maintenance",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="incidents.maintenance",
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="is_called_off",
            field=models.BooleanField(default=False, help_text="it says that the maintenance is called off"),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(
                fields=["subscriber", "maintenance", "is_called_off"], name="maintenance_mail_once"
            ),
        ),
        migrations.RunSQL(
            "UPDATE incidents_mail SET text = '', headers = '{}' WHERE sent_at IS NOT NULL", migrations.RunSQL.noop
        ),
    ]
