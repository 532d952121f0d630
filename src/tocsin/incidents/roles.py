"""Who does what in an incident, beside its assignee: a role has one holder at a time.

Django finds the table through `models`. How roles change hands is in `handover`.
"""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models


class IncidentRole(StrEnum):
    """What one person does while an incident lasts."""

    LEAD = "lead"
    COMMUNICATIONS = "communications"
    TECHNICAL_LEAD = "technical lead"
    ON_CALL = "on-call"

    @property
    def label(self) -> str:
        """As pages name it."""
        return self.value.capitalize()


class RoleHolder(models.Model):
    """Somebody has a role in an incident."""

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="roles", db_index=False)
    role = models.TextField(choices=[(r.value, r.label) for r in IncidentRole])
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "role"], name="role_once")]
