"""Status updates: what the team and outsiders were told of an incident, and by when they are to hear again.

Django finds the tables through `models`. Sending is in `telling`, the clock in `update_clocks`.

What outsiders were told is in the rows with audience `external`: they are public from the moment they are written. The public
status page is made of them alone, never of the incident, whose title and texts are for the team.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from tocsin.incidents.audience import Audience, DataLoss, Impact, Moment

__all__ = ["SENT", "Audience", "DataLoss", "Impact", "Moment", "StatusUpdate", "UpdateClock"]

# The timer that goes off when an update was sent; its key is the update's id. For whatever has to follow: pages that are
# rendered anew, channels that carry it further.
SENT = "update-sent"


def _choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(one.value, one.name.title()) for one in kind]


class StatusUpdate(models.Model):
    """What an audience was told, once: never changed and never taken back. A correction is another one, with `corrects`.

    An external one is public since `sent_at`. The newest external one of an incident says where it stands for outsiders:
    `moment`, `impact`, and `headline`, which is the incident's title for them.
    """

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="updates", db_index=False)
    audience = models.TextField(choices=_choices(Audience))
    moment = models.TextField(choices=_choices(Moment))
    headline = models.TextField(help_text="what is broken, as this audience calls it; one line")
    text = models.TextField(help_text="in plain text, as it was sent")
    impact = models.TextField(choices=_choices(Impact))
    data_loss = models.TextField(choices=_choices(DataLoss), default=DataLoss.UNKNOWN.value)
    next_update_at = models.DateTimeField(null=True, help_text="by when the next one was promised; empty: nothing was")
    sent_by = models.TextField()
    sent_at = models.DateTimeField()
    corrects = models.ForeignKey("self", models.SET_NULL, null=True, related_name="corrections")

    class Meta:
        indexes = [
            models.Index(fields=["incident", "-id"], name="update_of_incident"),
            models.Index(fields=["-sent_at"], condition=models.Q(audience="external"), name="update_for_outsiders"),
        ]

    def __str__(self) -> str:
        return f"{self.audience} update {self.pk} of {self.incident_id}: {self.headline}"


class UpdateClock(models.Model):
    """By when an open incident's next update is due, and whether the timeline has said that it is late."""

    incident = models.OneToOneField("incidents.Incident", models.CASCADE, primary_key=True, related_name="update_clock")
    since = models.DateTimeField(help_text="when the time began: the update before, or the incident itself")
    due_at = models.DateTimeField(db_index=True)
    is_told = models.BooleanField(default=False, help_text="the timeline has said that it is late")
