"""Messages are found in the order in which they go out, and those that a worker holds without all others that wait."""

from django.db import migrations, models

OPEN = models.Q(state__in=["waiting", "claimed"])
NEXT = models.Index(condition=OPEN, fields=["-priority", "next_try_at", "id"], name="message_next")
HELD = models.Index(condition=models.Q(state="claimed"), fields=["claimed_by"], name="message_of_worker")


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_withdrawn")]
    operations = [
        migrations.RemoveIndex("message", "message_due"),
        migrations.AddIndex("message", NEXT),
        migrations.AddIndex("message", HELD),
    ]
