import django.db.models.deletion
from django.db import migrations, models

# Who wrote them nobody kept.
LESSONS = """
INSERT INTO deployments_deploymenttext (deployment_id, part, version, text, author, written_at)
SELECT id, 'lessons', 1, lessons, 'unknown', received_at FROM deployments_deployment WHERE lessons <> ''
"""
BACK = """
UPDATE deployments_deployment d SET lessons = t.text FROM deployments_deploymenttext t
WHERE t.deployment_id = d.id AND t.part = 'lessons' AND t.version =
    (SELECT max(version) FROM deployments_deploymenttext n WHERE n.deployment_id = d.id AND n.part = 'lessons')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('deployments', '0002_usual_noise'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeploymentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.TextField(choices=[('rollback', 'rollback plan'), ('lessons', 'lessons')])),
                ('version', models.PositiveIntegerField(help_text='1 is the first that a person wrote')),
                ('text', models.TextField(blank=True)),
                ('author', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('deployment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deployments.deployment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('deployment', 'part', 'version'), name='deployment_text_version_once')],
            },
        ),
        migrations.RunSQL(LESSONS, BACK),
        migrations.RemoveField(
            model_name='deployment',
            name='lessons',
        ),
        migrations.AlterField(
            model_name='deployment',
            name='rollback',
            field=models.TextField(blank=True, help_text='how to go back as far as its log tells, Markdown'),
        ),
    ]
