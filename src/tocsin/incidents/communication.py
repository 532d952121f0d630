"""How this installation communicates: templates, rhythm and checklists, each a text that managers edit, with its versions.

Django finds the tables through `models`.
"""

from __future__ import annotations

from django.db import models


class CommunicationText(models.Model):
    """A version of a text; the newest counts, and none is changed. An empty one means: as Tocsin has it."""

    key = models.TextField(help_text="which one, such as template-external-identified")
    version = models.PositiveIntegerField(help_text="1 is the first that a person wrote")
    text = models.TextField(blank=True)
    author = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="communication_text_once")]


class ChecklistTick(models.Model):
    """An item of an incident's checklist that somebody ticked by hand; what Tocsin sees done by itself has no row."""

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="ticks", db_index=False)
    item = models.TextField(help_text="the item's words")
    ticked_by = models.TextField()
    ticked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "item"], name="checklist_item_once")]
