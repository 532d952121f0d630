import django.db.models.deletion
from django.db import migrations, models

KEEP = """
INSERT INTO investigation_runbookversion (incident_id, version, text, edited_by, edited_at)
SELECT incident_id, version, text, edited_by, edited_at FROM investigation_incidentrunbook
"""
BACK = """
INSERT INTO investigation_incidentrunbook (incident_id, version, text, edited_by, edited_at)
SELECT DISTINCT ON (incident_id) incident_id, version, text, edited_by, edited_at FROM investigation_runbookversion
ORDER BY incident_id, version DESC
"""
NEWEST = """
DELETE FROM investigation_servicerunbook s USING investigation_servicerunbook newer
WHERE (newer.project_id, newer.service, newer.cause) = (s.project_id, s.service, s.cause) AND newer.version > s.version
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_signing_key'),
        ('incidents', '0002_incident_deployments'),
        ('investigation', '0003_runbooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='RunbookVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(help_text='1 is the first that a person wrote')),
                ('text', models.TextField()),
                ('edited_by', models.TextField()),
                ('edited_at', models.DateTimeField()),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.incident')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'version'), name='runbook_version_once')],
            },
        ),
        migrations.RunSQL(KEEP, BACK),
        migrations.DeleteModel(
            name='IncidentRunbook',
        ),
        migrations.RemoveConstraint(
            model_name='servicerunbook',
            name='service_runbook_once',
        ),
        migrations.AddField(
            model_name='servicerunbook',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name='servicerunbook',
            constraint=models.UniqueConstraint(fields=('project', 'service', 'cause', 'version'), name='service_runbook_version_once'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, NEWEST),
    ]
