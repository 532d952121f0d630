"""An incident as people type it: INC-023, or 23."""

from __future__ import annotations

from typing import Any

import click


class _Number(click.ParamType[int]):
    """An incident as people name it: 23 or INC-023."""

    name = "incident"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Its number; click tells of what is none."""
        digits = str(value).upper().removeprefix("INC-")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
            self.fail(f"{value!r} is no incident; say INC-023 or 23", param, ctx)
        return int(digits)


INCIDENT = click.argument("number", metavar="INCIDENT", type=_Number())
OF_INCIDENT = click.option("--incident", type=_Number(), help="About this incident.")
INTO = click.option("--into", type=_Number(), required=True, help="The incident that it is part of.")
