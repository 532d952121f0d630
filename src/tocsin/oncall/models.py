"""Schedules as they are kept, with what changes them for a while and what was ever changed of them.

People are named by their user names, times are written as the clock on the wall of a zone shows them: `2026-03-02T09:00`. So they
stay what people meant when a country changes its clocks; and being written from the greatest unit down, they sort as text.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tocsin.oncall import escalations  # noqa: F401  # Django looks for tables here
from tocsin.oncall.schedule import Kind


class Schedule(models.Model):
    """Who carries the pager for something. `definition` holds its layers, see tocsin.oncall.definition."""

    slug = models.SlugField(unique=True, max_length=100)
    name = models.TextField()
    description = models.TextField(blank=True)
    project = models.ForeignKey("catalog.Project", models.CASCADE, null=True, related_name="+", help_text="empty: all")
    zone = models.TextField(help_text="whose days and hours its pages are drawn in")
    definition = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    edited_by = models.TextField()
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, help_text="since when it is out of sight, and nobody is called by it")
    gaps_told = models.JSONField(default=list, help_text="why nobody is on call some time ahead, as managers were told")
    feed_hash = models.CharField(
        max_length=64, null=True, unique=True, help_text="of the secret in its calendar's address"
    )

    def __str__(self) -> str:
        return self.name


class ScheduleEntry(models.Model):
    """One line of a schedule's history. An edit of its layers keeps how they were after it."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="history")
    at = models.DateTimeField()
    actor = models.TextField()
    text = models.TextField()
    version = models.PositiveIntegerField(null=True)
    definition = models.JSONField(null=True)


class WallSpan(models.Model):
    """From one time of a zone's clock to another, which is not part of it."""

    starts = models.CharField(max_length=16)
    ends = models.CharField(max_length=16)
    zone = models.TextField()

    class Meta:
        abstract = True


class Override(WallSpan):
    """A change for a while; see tocsin.oncall.schedule.Override. One that was taken back stays readable."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="overrides")
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in Kind])
    person = models.TextField(blank=True, help_text="who comes in")
    instead_of = models.TextField(blank=True, help_text="who goes out; empty when replacing: everybody")
    reason = models.TextField(blank=True)
    created_by = models.TextField()
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["schedule", "ends"], name="override_by_end")]


class TemporarySchedule(WallSpan):
    """What holds instead of all layers for a while. `shifts`: a list of {person, starts, ends}, in its zone."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="temporaries")
    name = models.TextField()
    shifts = models.JSONField()
    created_by = models.TextField()
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)


class Absence(WallSpan):
    """When somebody can't be on call: their turns are given to others, on every schedule."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    reason = models.TextField(blank=True)
    from_calendar = models.BooleanField(default=False, help_text="read from their calendar, and replaced by it")


class Swap(WallSpan):
    """A shift that somebody asks another (or anybody) to take over; where `return_starts` is said, for one of the other's."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="swaps")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="swaps_asked")
    asked_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="swaps_offered")
    return_starts = models.CharField(max_length=16, blank=True, help_text="in `zone`: what is taken over in return")
    return_ends = models.CharField(max_length=16, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    state = models.TextField(default="open", help_text="open, accepted, declined or withdrawn")
    answered_by = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    override = models.OneToOneField(Override, models.SET_NULL, null=True, related_name="swap")
    return_override = models.OneToOneField(Override, models.SET_NULL, null=True, related_name="swap_in_return")


class Carrier(models.Model):
    """What a person who carries the pager has said: their own clock, their calendars in and out."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="carrier")
    zone = models.TextField(default="UTC")
    feed_hash = models.CharField(
        max_length=64, null=True, unique=True, help_text="of the secret in their calendar's address"
    )
    calendar = models.BinaryField(null=True, help_text="the address of a calendar of their absences, sealed")
    calendar_host = models.TextField(blank=True, help_text="where that is; the address itself is a secret")
    calendar_read_at = models.DateTimeField(null=True)
    calendar_problem = models.TextField(blank=True, help_text="why it could not be read last; empty: it was")
