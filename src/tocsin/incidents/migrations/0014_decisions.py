"""Incidents are found by what was decided, as they are by notes."""

from django.db import migrations, models

TRIGGER = """
DROP TRIGGER incident_words_of_note ON incidents_timelineentry;
CREATE TRIGGER incident_words_of_note AFTER INSERT ON incidents_timelineentry
FOR EACH ROW WHEN (NEW.kind IN ('note', 'decision')) EXECUTE FUNCTION incident_words_of_note();
"""
UNDO = """
DROP TRIGGER incident_words_of_note ON incidents_timelineentry;
CREATE TRIGGER incident_words_of_note AFTER INSERT ON incidents_timelineentry
FOR EACH ROW WHEN (NEW.kind = 'note') EXECUTE FUNCTION incident_words_of_note();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0013_statements_roles'),
    ]

    operations = [
        migrations.RunSQL(TRIGGER, UNDO),
        migrations.RemoveIndex(
            model_name='timelineentry',
            name='note_of_incident',
        ),
        migrations.AddIndex(
            model_name='timelineentry',
            index=models.Index(condition=models.Q(('kind__in', ('note', 'decision'))), fields=['incident', '-id'], name='words_of_incident'),
        ),
    ]
