"""Firings that their sender no longer reports: Prometheus says with each push until when an alert holds, and repeats it.

A push that stays away may mean that the alert is over, or that we could not listen. So nothing ends before a grace has
passed; and after a time in which this sweep itself did not run, senders first get the time to say it again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from tocsin.alerts.models import Alert
from tocsin.alerts.store import INGEST_LOCK

TIMER = "expiry"
EVERY = timedelta(seconds=15)
# Prometheus repeats a firing alert each minute.
GRACE = timedelta(minutes=1)
# A sweep that comes later than this was away, and so were we; senders then get this long.
AWAY = timedelta(minutes=2)
TIME_TO_REPEAT = timedelta(minutes=5)

# As in ingest the environments come first, so that no report on an alert is being taken in while it is ended.
LOCK = """
SELECT pg_advisory_xact_lock(%s, id) FROM (
    SELECT DISTINCT environment_id::int AS id FROM alerts_alert WHERE firing AND expires_at < %s ORDER BY 1
) e
"""
END = """
WITH expired AS (
    UPDATE alerts_alert SET firing = false WHERE firing AND expires_at < %s RETURNING id, title, expires_at
)
UPDATE alerts_occurrence o SET ends_at = greatest(o.starts_at, expired.expires_at) FROM expired
WHERE o.alert_id = expired.id AND o.ends_at IS NULL RETURNING o.id, expired.title
"""


def is_late(now: datetime, due_at: datetime) -> bool:
    """Whether a sweep that was due then comes so late that we were away."""
    return now - due_at > AWAY


@transaction.atomic
def end_expired(now: datetime) -> list[tuple[int, str]]:
    """Ends what was to hold only until a time that passed a grace ago: occurrences, each with its alert's title."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [INGEST_LOCK, now - GRACE])
        cursor.execute(END, [now - GRACE])
        return [(int(row[0]), str(row[1])) for row in cursor.fetchall()]


def may_expire() -> bool:
    """Whether anything fires that holds only until a time."""
    return Alert.objects.filter(firing=True, expires_at__isnull=False).exists()
