"""What incidents can be found by: one document each, of words by where they stand. The database keeps it up to date.

Titles and notes come in by triggers (see the migration that makes this table), so that no way to write them can forget it;
what later stages write is told through `keep_words`, in the transaction that writes it.
"""

from __future__ import annotations

from enum import StrEnum

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models


class Part(StrEnum):
    """Where words stand; the value is PostgreSQL's weight, and an earlier letter counts more."""

    TITLE = "A"
    ANALYSIS = "B"
    NOTES = "C"
    POSTMORTEM = "D"


class SearchDocument(models.Model):
    """The words of an incident."""

    incident = models.OneToOneField("incidents.Incident", models.CASCADE, primary_key=True, related_name="document")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="search_document_words")]


# A document holds a megabyte at most: what is too much for it can't be found, which must not keep it from being written.
_KEEP = "SELECT incident_words_replace(%s, %s, %s)"


def keep_words(incident_id: int, part: Part, text: str) -> None:
    """From now on an incident is found by `text`, instead of what this part of it said before."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [incident_id, part.value, text.replace("\x00", "")])
