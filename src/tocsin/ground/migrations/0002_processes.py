"""Each process says now and then that it lives, and what of its work went well."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Process",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField(unique=True)),
                ("kind", models.TextField(help_text="web or worker")),
                ("started_at", models.DateTimeField()),
                ("beat_at", models.DateTimeField()),
                (
                    "parts",
                    models.JSONField(
                        default=dict,
                        help_text="of each: ago (seconds; null: not yet), wrong (why its last round failed)",
                    ),
                ),
            ],
        ),
    ]
