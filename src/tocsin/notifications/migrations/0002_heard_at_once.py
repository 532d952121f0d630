"""Whoever delivers hears at its commit that there is something to tell or to send, whatever wrote it."""

from django.db import migrations

NOTIFY = """
CREATE FUNCTION notifications_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added) THEN  -- commits that notify wait for each other
        NOTIFY tocsin_outbox;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER wake AFTER INSERT ON notifications_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION notifications_wake();
CREATE TRIGGER wake AFTER INSERT ON notifications_message
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION notifications_wake();
"""
SILENT = """
DROP TRIGGER wake ON notifications_message;
DROP TRIGGER wake ON notifications_event;
DROP FUNCTION notifications_wake();
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [migrations.RunSQL(NOTIFY, SILENT)]
