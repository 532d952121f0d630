"""Channels, their rules, how people can be reached, and every message with what came of it."""

from django.conf import settings
from django.db import models

from tocsin.catalog.models import Project
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.notifications.notice import Kind


class Channel(models.Model):
    """A way out that somebody set up. Of its settings the secret ones are sealed."""

    kind = models.TextField(help_text="a module of tocsin.notifications.channels")
    name = models.TextField(unique=True)
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, related_name="+", help_text="the only project it hears of; empty: all"
    )
    settings = models.JSONField(default=dict)
    sealed = models.BinaryField(help_text="its secret settings, as JSON, sealed")
    may_reach_inside = models.BooleanField(help_text="an admin set it up: its address may lie inside")
    rules = models.JSONField(default=list, help_text="see notifications.rules")
    paused_at = models.DateTimeField(null=True, help_text="since when nothing goes out through it")
    removed_at = models.DateTimeField(null=True, help_text="its messages stay, to be read")
    created_by = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ContactMethod(models.Model):
    """A way to reach a person: an address on a channel that reaches people. Used once it was confirmed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contact_methods")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    address = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True, help_text="of the code that confirms it")
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "channel", "address"], name="contact_method_once")]


class ContactRule(models.Model):
    """When a person is called in which way: so many minutes after the call began, unless it was answered meanwhile."""

    method = models.ForeignKey(ContactMethod, models.CASCADE, related_name="rules")
    delay_minutes = models.PositiveSmallIntegerField(default=0)
    severities = models.JSONField(default=list, help_text="empty: any")


class QuietTime(models.Model):
    """When a person is left alone, except by what is critical."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="quiet_time")
    begins = models.TimeField()
    ends = models.TimeField()
    zone = models.TextField()


class Event(models.Model):
    """An entry of a timeline that nobody has been told of yet. Laid here by a trigger, in the transaction of the entry."""

    entry = models.OneToOneField(TimelineEntry, models.CASCADE, primary_key=True, related_name="+", db_constraint=False)


class Thread(models.Model):
    """What a channel was told of an incident, and how its vendor recognises that."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+", db_index=False)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    reference = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "incident"], name="thread_once")]


class Message(models.Model):
    """Something to be said once, to one place or person: why, how far it is, and what came of it."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        CLAIMED = "claimed"
        SENT = "sent"
        FAILED = "failed"
        GIVEN_UP = "given up"
        SUPPRESSED = "suppressed"

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(ContactMethod, models.SET_NULL, null=True, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    address = models.TextField(blank=True, help_text="of the person; empty: the channel's own place")
    incident = models.ForeignKey(Incident, models.CASCADE, null=True, related_name="+", db_index=False)
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in Kind])
    notice = models.JSONField(help_text="see notifications.notice; without what only its reader may see")
    sealed = models.BinaryField(null=True, help_text="all of it, where that is more; nothing is kept once it ended")
    reason = models.TextField(help_text="why it is to be sent")
    note = models.TextField(blank=True, help_text="what it waits for, or why it was not sent")
    dedup_key = models.TextField(unique=True, help_text="what makes it the same message")
    group = models.TextField(blank=True, help_text="messages that call the same person for the same thing")
    order_key = models.TextField(blank=True, help_text="messages that must go out in their order")
    priority = models.SmallIntegerField(default=0, help_text="higher goes first")
    state = models.TextField(choices=State.choices, default=State.WAITING.value)
    next_try_at = models.DateTimeField(help_text="when it is tried; while it is claimed, how long the claim holds")
    claimed_by = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0, help_text="how many of its requests were taken")
    is_repeat = models.BooleanField(default=False, help_text="whoever tried it before may have sent it")
    withdrawn = models.TextField(blank=True, help_text="why it is not tried again, said while it was being sent")
    is_held = models.BooleanField(default=False, help_text="it would be too many: it is bundled with others like it")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="when the link in it was used, which works once")

    class Meta:
        indexes = [
            models.Index(
                fields=["-priority", "next_try_at", "id"],
                condition=models.Q(state__in=["waiting", "claimed"]),
                name="message_next",
            ),
            models.Index(fields=["claimed_by"], condition=models.Q(state="claimed"), name="message_of_worker"),
            models.Index(
                fields=["order_key", "id"],
                condition=models.Q(state__in=["waiting", "claimed"]),
                name="message_in_order",
            ),
            models.Index(fields=["incident", "-id"], name="message_of_incident"),
            models.Index(fields=["channel", "address", "-ended_at"], name="message_sent_to"),
            models.Index(fields=["group"], condition=~models.Q(group=""), name="message_of_group"),
        ]


class Attempt(models.Model):
    """One try at a message, and what the vendor said."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    is_taken = models.BooleanField()
    outcome = models.TextField(help_text="without secrets")
