"""Timers: something that must happen later, kept in the database so that no crash forgets it."""

from django.db import models


class Timer(models.Model):
    """One appointment. `kind` names what to do, `key` of what; a pair exists once, so that setting it again moves it."""

    kind = models.TextField()
    key = models.TextField()
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="timer_once")]
