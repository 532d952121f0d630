from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0006_source_settings'),
    ]

    operations = [
        migrations.AddField(
            model_name='service',
            name='heard_at',
            field=models.DateTimeField(help_text='when an alert or a deployment was last about it', null=True),
        ),
    ]
