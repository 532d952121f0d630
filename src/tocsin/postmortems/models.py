"""Postmortems: how far each is, and what people wrote in its sections."""

from django.conf import settings
from django.db import models

from tocsin.incidents.models import Incident
from tocsin.postmortems.sections import Section
from tocsin.postmortems.states import Need, State


class Postmortem(models.Model):
    """What is learned from an incident. A section that nobody wrote is the draft from the record, as it is now."""

    incident = models.OneToOneField(Incident, models.CASCADE, primary_key=True, related_name="postmortem")
    need = models.TextField(choices=[(n.value, n.value) for n in Need])
    need_reason = models.TextField()
    state = models.TextField(choices=[(s.value, s.value) for s in State], default=State.PENDING.value)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_by = models.TextField(blank=True)
    exported_at = models.DateTimeField(null=True, help_text="when it was last written into the folder of postmortems")

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(completed_at=None), name="postmortem_due")]

    @property
    def name(self) -> str:
        """How people call it."""
        return f"Postmortem of {self.incident.name}"


class SectionVersion(models.Model):
    """What a section said from then on, in Markdown. The newest version counts; all of them are kept."""

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="versions")
    section = models.TextField(choices=[(s.value, s.heading) for s in Section])
    version = models.PositiveIntegerField(help_text="1 is the first that was kept")
    text = models.TextField(blank=True)
    author = models.TextField(help_text="a user name, or tocsin for a draft that was kept on completion")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["postmortem", "section", "version"], name="postmortem_section_version_once")
        ]
