"""The instant at which tests happen."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
