"""A call that is being sent while somebody answers is not tried again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_sealed")]
    operations = [
        migrations.AddField(
            "message",
            "withdrawn",
            models.TextField(
                blank=True, default="", help_text="why it is not tried again, said while it was being sent"
            ),
            preserve_default=False,
        )
    ]
