from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('investigation', '0005_words_of_reports'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='storedreport',
            index=models.Index(condition=models.Q(('cause', ''), _negated=True), fields=['cause', '-id'], name='report_of_cause'),
        ),
    ]
