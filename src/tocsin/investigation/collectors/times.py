"""When something was last seen, by the times that stored objects hold. Pure."""

from __future__ import annotations

import re

# The fields that say when something was last seen; others may lie in the future (a certificate's end).
_SEEN_AT = re.compile(
    rb'(?<![\w-])"?(?:creationTimestamp|time|(?:last|first)Timestamp|eventTime|lastObservedTime|startTime|startedAt|finishedAt'
    rb"|last(?:Transition|Heartbeat|Update|Probe|Schedule)Time|renewTime)\"?: ?[\"']?"
    rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[.\dZ]*[\"'\s,}]"
)


def newest(content: bytes) -> str:
    """Return the latest time in JSON or YAML ("2026-01-02T03:04:05", UTC), empty where none is told."""
    return max(_SEEN_AT.findall(content), default=b"").decode()
