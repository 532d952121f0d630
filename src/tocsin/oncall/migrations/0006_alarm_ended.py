"""An alarm ends when it holds no longer; the auditor ends those that were raised before, where they do not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oncall", "0005_gaps_told")]
    operations = [
        migrations.AddField(
            model_name="alarm",
            name="ended_at",
            field=models.DateTimeField(
                help_text="when it held no longer: somebody was told after all, or nobody has to be", null=True
            ),
        ),
    ]
