"""Signals as they came, the alerts understood in them, and each firing of an alert.

Foreign keys have no index of their own where a constraint begins with them or nobody looks that way, and PostgreSQL does not
check them where the row they name is written in the same transaction: together that made ingest half as fast again.
"""

from django.db import models
from django.utils import timezone

from tocsin.catalog.models import Environment, Source


class Signal(models.Model):
    """What arrived, kept whole. Redacted where it could be parsed; encrypted where it could not."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    body = models.TextField(blank=True, help_text="the body after redaction; empty when it could not be parsed")
    sealed_body = models.BinaryField(null=True, help_text="the body of a rejected signal, encrypted")
    error = models.TextField(blank=True, help_text="why it was rejected; empty when it was accepted")
    delivery = models.CharField(
        max_length=64, null=True, help_text="what makes a signed one the same when it comes again; empty: not signed"
    )
    is_test = models.BooleanField(default=False, db_default=False, help_text="sent by ourselves, to try the way")

    class Meta:
        indexes = [
            models.Index(fields=["source", "-id"], name="signal_by_source"),
            models.Index(fields=["-id"], condition=~models.Q(error=""), name="signal_rejected"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "delivery"], condition=models.Q(delivery__isnull=False), name="signal_delivered_once"
            )
        ]


class RepeatedSignal(models.Model):
    """A signal whose body came again, byte for byte, when all was as it says: it is kept once, and counted."""

    signal = models.OneToOneField(Signal, models.CASCADE, primary_key=True, related_name="repeated")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    times = models.BigIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["source", "-last_at"], name="repeated_by_source")]


class Alert(models.Model):
    """An identity: the same thing, firing again, is the same row."""

    environment = models.ForeignKey(Environment, models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    fingerprint = models.TextField()
    title = models.TextField()
    description = models.TextField(blank=True)
    severity = models.TextField(blank=True, help_text="as the sender says it")
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    links = models.JSONField(default=dict, help_text="name to address")
    subject = models.JSONField(default=dict, help_text="kind, namespace, name of the resource it is about")
    content = models.BigIntegerField(null=True, help_text="a hash of all of this; see alerts.grouping")
    firing = models.BooleanField()
    began_at = models.DateTimeField(null=True, help_text="when its newest firing began")
    expires_at = models.DateTimeField(null=True, help_text="when it is over unless it is reported again")
    reports = models.BigIntegerField(default=0, help_text="how often it was reported, repeats too")
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "fingerprint"], name="alert_once")]
        # of columns that a repeated report leaves as they are, so that repeats cost no work on it
        indexes = [models.Index(fields=["-firing", "-began_at", "-id"], name="alert_newest")]


class Occurrence(models.Model):
    """One firing of an alert, from its start until it ended."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="occurrences", db_index=False, db_constraint=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    is_trial = models.BooleanField(default=False, db_default=False, help_text="reported without effect")
    is_event = models.BooleanField(default=False, db_default=False, help_text="it happened, and does not go on")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "starts_at"], name="occurrence_once"),
            models.UniqueConstraint(fields=["alert"], condition=models.Q(ends_at=None), name="occurrence_one_open"),
        ]


class ArrivalRate(models.Model):
    """How many firings a minute are usual in an environment, and how many the present minute has; see incidents.storms."""

    environment = models.OneToOneField(Environment, models.CASCADE, related_name="+")
    usual = models.FloatField()
    minute = models.DateTimeField()
    count = models.IntegerField()


class Silence(models.Model):
    """Alerts that nobody is told of for a while, once or again and again. Rows are only ever ended: editing makes another.

    `active_from` and `active_until` are the present window, or the next; of what is over, the last.
    """

    environment = models.ForeignKey(Environment, models.CASCADE, null=True, related_name="+")
    matchers = models.TextField(blank=True, help_text="one a line; all must match. See alerts.silencing")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="of a recurring one: the end of its first window")
    recurrence = models.TextField(blank=True, help_text="an RRULE (RFC 5545); empty: once")
    zone = models.TextField(default="UTC", help_text="the IANA time zone whose wall clock a recurrence follows")
    active_from = models.DateTimeField()
    active_until = models.DateTimeField(db_index=True)
    reason = models.TextField()
    is_trial = models.BooleanField(default=False, help_text="holds nothing, and shows what it would have held")
    created_by = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, help_text="when somebody ended it early, or replaced it")
    ended_by = models.TextField(blank=True)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="replaced_by")

    def __str__(self) -> str:
        return f"silence {self.pk} ({self.reason})"
