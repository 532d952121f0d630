"""Whom a status update is for, and what it can say of where things stand. Pure."""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """Whom an update is for."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class Moment(StrEnum):
    """How far it is, in the words that outsiders know from status pages; in their order."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Impact(StrEnum):
    """How much of it outsiders notice, least first."""

    NONE = "none"
    DEGRADED = "degraded"
    PARTIAL = "partial outage"
    MAJOR = "major outage"


class DataLoss(StrEnum):
    """Whether anybody's data was lost, as far as is known."""

    UNKNOWN = "unknown"
    NO = "no"
    YES = "yes"
