"""Instants as the command line takes them: a time with its offset, so that no clock has to be guessed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click


class _Instant(click.ParamType[str]):
    """A time of ISO 8601 with its offset, such as 2026-03-02T09:00+01:00; as the API takes it."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The instant, written out; click tells of what is none."""
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time; say one such as 2026-03-02T09:00+01:00", param, ctx)
        if at.tzinfo is None:
            self.fail(
                f"{value!r} does not say by which clock; add its offset, such as {value}+01:00 or {value}Z", param, ctx
            )
        return at.isoformat()


INSTANT = _Instant()
