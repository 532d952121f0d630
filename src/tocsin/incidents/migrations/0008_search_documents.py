"""The database keeps the documents that incidents are found by, and says what opened those that are there."""

from django.db import migrations

# Marks between words are blanks, so that `payments-api` and `db.internal` are words in a row. A replaced part's words go, and those
# of the other parts stay.
FUNCTIONS = r"""
CREATE FUNCTION incident_words(content text, part "char") RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('pg_catalog.english', translate(left(content, 200000),
        E'!"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~', '                                ')), part)
$$;
CREATE FUNCTION incident_words_replace(incident bigint, part text, content text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_searchdocument AS d (incident_id, words) VALUES (incident, incident_words(content, part::"char"))
    ON CONFLICT (incident_id) DO UPDATE
    SET words = ts_filter(d.words, array_remove('{A,B,C,D}'::"char"[], part::"char")) || excluded.words;
EXCEPTION WHEN program_limit_exceeded THEN NULL;
END $$;
CREATE FUNCTION incident_words_of_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_searchdocument (incident_id, words) SELECT id, incident_words(title, 'A') FROM opened;
    RETURN NULL;
END $$;
CREATE FUNCTION incident_words_of_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM incident_words_replace(NEW.id, 'A', NEW.title);
    RETURN NULL;
END $$;
CREATE FUNCTION incident_words_of_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_searchdocument AS d (incident_id, words) VALUES (NEW.incident_id, incident_words(NEW.text, 'C'))
    ON CONFLICT (incident_id) DO UPDATE SET words = d.words || excluded.words;
    RETURN NULL;
EXCEPTION WHEN program_limit_exceeded THEN RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER incident_words_of_opened AFTER INSERT ON incidents_incident REFERENCING NEW TABLE AS opened
FOR EACH STATEMENT EXECUTE FUNCTION incident_words_of_opened();
CREATE TRIGGER incident_words_of_title AFTER UPDATE OF title ON incidents_incident
FOR EACH ROW WHEN (OLD.title IS DISTINCT FROM NEW.title) EXECUTE FUNCTION incident_words_of_title();
CREATE TRIGGER incident_words_of_note AFTER INSERT ON incidents_timelineentry
FOR EACH ROW WHEN (NEW.kind = 'note') EXECUTE FUNCTION incident_words_of_note();
"""
WHAT_IS_THERE = """
INSERT INTO incidents_searchdocument (incident_id, words)
SELECT i.id, incident_words(i.title, 'A') || incident_words(coalesce(n.text, ''), 'C') FROM incidents_incident i
LEFT JOIN (
    SELECT incident_id, string_agg(text, ' ' ORDER BY id) AS text FROM incidents_timelineentry WHERE kind = 'note'
    GROUP BY incident_id
) n ON n.incident_id = i.id;
UPDATE incidents_incident i SET opened_by = s.kind FROM (
    SELECT DISTINCT ON (incident_id) incident_id, alert_id FROM incidents_incidentoccurrence ORDER BY incident_id, id
) l JOIN alerts_alert a ON a.id = l.alert_id JOIN catalog_source s ON s.id = a.source_id WHERE i.id = l.incident_id;
UPDATE incidents_incident SET opened_by = 'declared' WHERE severity_reason LIKE 'declared by %';
"""
UNDO = """
DROP TRIGGER incident_words_of_note ON incidents_timelineentry;
DROP TRIGGER incident_words_of_title ON incidents_incident;
DROP TRIGGER incident_words_of_opened ON incidents_incident;
DROP FUNCTION incident_words_of_note;
DROP FUNCTION incident_words_of_title;
DROP FUNCTION incident_words_of_opened;
DROP FUNCTION incident_words_replace;
DROP FUNCTION incident_words;
"""


class Migration(migrations.Migration):

    dependencies = [("incidents", "0007_search")]

    operations = [migrations.RunSQL([FUNCTIONS, TRIGGERS, WHAT_IS_THERE], UNDO)]
