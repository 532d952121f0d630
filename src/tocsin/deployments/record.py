"""What is kept of one run beside what its sender tells in a line: plan, policies, cost, drift, log. A value."""

from __future__ import annotations

from typing import Any

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """`section` (JSON) and `log` (UTF-8) are gzipped; both, and all else, are redacted already."""

    section: bytes
    log: bytes
    lines: int
    counts: dict[str, int] | None = None
    cost: dict[str, Any] | None = None
    policies: list[dict[str, Any]] = []
    drift: list[dict[str, Any]] = []
    rollback: str = ""
