"""The public status page: what it is called, its components, what was said of them, maintenance, and who asked for mail.

Django finds the tables through `models`. What people do to them is in `publishing` and `subscribing`. Everything that is shown
comes from these tables and from external status updates: nothing of an incident itself is for outsiders.
"""

from __future__ import annotations

from django.db import models

from tocsin.catalog.models import Project
from tocsin.catalog.services import Service
from tocsin.incidents.updates import StatusUpdate
from tocsin.incidents.uptime import State

_STATES = [(s.value, s.value) for s in State]


class StatusPage(models.Model):
    """A page for outsiders: the installation's, or a project's own. Nobody sees it before it is published."""

    project = models.ForeignKey(Project, models.CASCADE, null=True, related_name="+")
    title = models.TextField()
    about = models.TextField(blank=True, help_text="a sentence below the title")
    published_at = models.DateTimeField(null=True, help_text="since when it is public; empty: it is not")
    version = models.PositiveIntegerField(default=1, help_text="grows with every change of what it says")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project"], name="status_page_once", nulls_distinct=False)]

    @property
    def path(self) -> str:
        """Where it is: /status, or /status/PROJECT."""
        return "/status" if self.project is None else f"/status/{self.project.slug}"

    def __str__(self) -> str:
        return self.title


class Component(models.Model):
    """A part of what is offered, as outsiders know it."""

    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="components")
    name = models.TextField()
    description = models.TextField(blank=True)
    group = models.TextField(blank=True, help_text="the heading that it stands under with others; empty: none")
    position = models.PositiveIntegerField(help_text="1 is the first of its page")
    services = models.ManyToManyField(Service, related_name="+", help_text="whose trouble is its trouble; never shown")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ComponentState(models.Model):
    """What an external update says of a component."""

    update = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="component_states")
    component = models.ForeignKey(Component, models.CASCADE, related_name="+")
    state = models.TextField(choices=_STATES)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "component"], name="component_state_once")]


class Outage(models.Model):
    """Since when outsiders noticed an incident, where that is before they were first told."""

    incident = models.OneToOneField("incidents.Incident", models.CASCADE, primary_key=True, related_name="outage")
    began_at = models.DateTimeField()


class Maintenance(models.Model):
    """Work that was announced. It begins and ends by the clock, unless somebody ends it before."""

    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="maintenances")
    title = models.TextField()
    text = models.TextField(blank=True)
    components = models.ManyToManyField(Component, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="ended by hand; before its beginning: called off")
    announced_by = models.TextField()
    announced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "-ends_at"], name="maintenance_newest")]

    @property
    def is_called_off(self) -> bool:
        """Whether it was ended before it began."""
        return self.ended_at is not None and self.ended_at <= self.starts_at

    def __str__(self) -> str:
        return self.title


class Subscriber(models.Model):
    """Who confirmed that they want mail of what a page says. Ending it deletes the row."""

    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="subscribers")
    address = models.BinaryField(help_text="sealed")
    address_hash = models.CharField(max_length=64, help_text="keyed, to find the address again")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "address_hash"], name="subscriber_once")]


class Mail(models.Model):
    """A mail to an outsider that is to be delivered. Whoever delivers it says when in `sent_at`."""

    page = models.ForeignKey(StatusPage, models.CASCADE, related_name="+")
    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, null=True, related_name="+", help_text="who ends, gets none"
    )
    update = models.ForeignKey(StatusUpdate, models.CASCADE, null=True, related_name="+", db_index=False)
    maintenance = models.ForeignKey(Maintenance, models.CASCADE, null=True, related_name="+")
    is_called_off = models.BooleanField(default=False, help_text="it says that the maintenance is called off")
    address = models.BinaryField(help_text="sealed")
    address_hash = models.CharField(max_length=64)
    asked_from = models.CharField(max_length=64, blank=True, help_text="keyed hash of the address that asked for it")
    subject = models.TextField()
    words = models.BinaryField(
        null=True, help_text="its text and headers, with the links in them, sealed; empty once it is sent"
    )
    reason = models.TextField(help_text="why this person gets it")
    created_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "update"], name="mail_once"),
            models.UniqueConstraint(
                fields=["subscriber", "maintenance", "is_called_off"], name="maintenance_mail_once"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(sent_at=None), name="mail_unsent")]
