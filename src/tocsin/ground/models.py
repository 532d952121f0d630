"""Timers: something that must happen later, kept so that no crash forgets it; and the processes, as they say that they live."""

from django.db import models


class Timer(models.Model):
    """One appointment. `kind` names what to do, `key` of what; a pair exists once, so that setting it again moves it."""

    kind = models.TextField()
    key = models.TextField()
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="timer_once")]


class Process(models.Model):
    """A process of this installation, as it says of itself now and then. `parts`: of each the seconds since it last went well.

    So no clock of a machine matters but the database's, by which `beat_at` is written and read.
    """

    name = models.TextField(unique=True)
    kind = models.TextField(help_text="web or worker")
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    parts = models.JSONField(
        default=dict, help_text="of each: ago (seconds; null: not yet), wrong (why its last round failed)"
    )
