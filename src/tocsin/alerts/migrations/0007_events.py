from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0006_repeats'),
    ]

    operations = [
        migrations.AddField(
            model_name='occurrence',
            name='is_event',
            field=models.BooleanField(db_default=False, default=False, help_text='it happened, and does not go on'),
        ),
    ]
