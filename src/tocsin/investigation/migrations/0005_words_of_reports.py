"""Incidents are found by the newest reports that are there already."""

from django.db import migrations

WORDS = """
SELECT incident_words_replace(incident_id, 'B', cause || ' ' || summary) FROM (
    SELECT DISTINCT ON (v.incident_id) v.incident_id, r.cause, r.summary FROM investigation_storedreport r
    JOIN investigation_investigation v ON v.id = r.investigation_id ORDER BY v.incident_id, v.ordinal DESC
) newest
"""


class Migration(migrations.Migration):

    dependencies = [("incidents", "0008_search_documents"), ("investigation", "0004_versions_of_runbooks")]

    operations = [migrations.RunSQL(WORDS, migrations.RunSQL.noop)]
