"""Of a gap ahead managers are told once, not again each day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oncall", "0004_swaps_in_return")]
    operations = [
        migrations.AddField(
            model_name="schedule",
            name="gaps_told",
            field=models.JSONField(
                default=list, help_text="why nobody is on call some time ahead, as managers were told"
            ),
        ),
    ]
