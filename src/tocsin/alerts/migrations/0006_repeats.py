import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0005_firings_in_trial'),
        ('catalog', '0006_source_settings'),
    ]

    operations = [
        migrations.AddField(
            model_name='alert',
            name='content',
            field=models.BigIntegerField(help_text='a hash of all of this; see alerts.grouping', null=True),
        ),
        migrations.CreateModel(
            name='RepeatedSignal',
            fields=[
                ('signal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='repeated', serialize=False, to='alerts.signal')),
                ('times', models.BigIntegerField()),
                ('last_at', models.DateTimeField()),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.source')),
            ],
            options={
                'indexes': [models.Index(fields=['source', '-last_at'], name='repeated_by_source')],
            },
        ),
    ]
