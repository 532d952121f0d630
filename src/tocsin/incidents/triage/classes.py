"""The eight classes of failures, by what they call for."""

from __future__ import annotations

from enum import StrEnum


class Class(StrEnum):
    """What kind of failure it is; the value is what people read and what is stored."""

    INFRASTRUCTURE = "network/infrastructure"
    LATENCY = "network/latency"
    RESOURCE = "resource/memory"
    EXTERNAL = "external service"
    CONFIGURATION = "configuration/permissions"
    CAPACITY = "capacity/quota"
    CODE = "code/data contract"
    SECURITY = "security/credentials"
