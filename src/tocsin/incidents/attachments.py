"""Evidence that people attach to an incident: links, metrics, logs, traces and screenshots.

Django finds the tables through `models`. What people do with evidence is in `attaching`.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Kind(StrEnum):
    """What it is."""

    LINK = "link"
    METRIC = "metric"
    LOG = "log"
    TRACE = "trace"
    SCREENSHOT = "screenshot"


class Attachment(models.Model):
    """A piece of evidence. Once removed it holds nothing any more, and its number is not given again."""

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="attachments", db_index=False)
    ordinal = models.PositiveIntegerField(help_text="1 is the first of its incident")
    kind = models.TextField(choices=[(k.value, k.value) for k in Kind])
    caption = models.TextField(blank=True, help_text="what it shows")
    text = models.TextField(blank=True, help_text="an excerpt, as it was pasted; secrets taken out")
    url = models.TextField(blank=True, help_text="where it is from, or what it is; http or https")
    added_by = models.TextField()
    added_at = models.DateTimeField()
    removed_by = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "ordinal"], name="attachment_once")]


class AttachedPicture(models.Model):
    """The screenshot of an attachment."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, primary_key=True, related_name="picture")
    content = models.BinaryField()
    media_type = models.TextField(help_text="as the bytes tell: image/png, image/jpeg, image/webp or image/gif")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
