"""procrastinate notifies on every inserted job, and PostgreSQL lets commits that notify wait for each other: we notify once a batch."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("procrastinate", "0041_post_retry_failed_job"), ("alerts", "0001_initial"), ("incidents", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE procrastinate_jobs DISABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1",
            "ALTER TABLE procrastinate_jobs ENABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1",
        ),
        # Rows that are updated again and again without touching an index stay on their page when there is room on it.
        migrations.RunSQL("ALTER TABLE alerts_alert SET (fillfactor = 70)", "ALTER TABLE alerts_alert RESET (fillfactor)"),
        migrations.RunSQL(
            "ALTER TABLE incidents_incident SET (fillfactor = 80)", "ALTER TABLE incidents_incident RESET (fillfactor)"
        ),
    ]
