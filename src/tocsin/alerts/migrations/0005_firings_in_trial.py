from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0004_silences_and_rates'),
    ]

    operations = [
        migrations.AddField(
            model_name='occurrence',
            name='is_trial',
            field=models.BooleanField(db_default=False, default=False, help_text='reported without effect'),
        ),
    ]
