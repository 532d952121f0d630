"""The section `deployment` of a snapshot: one run of an infrastructure tool, as it was stored."""

from datetime import datetime
from typing import Any

import msgspec

from tocsin.deployments.terraform.violations import PolicyResult


class Deployed(msgspec.Struct, frozen=True):
    """A run: what was typed, how it ended, what it printed, and what the plan, the policies and the price list said.

    `log` is redacted text. `plan` is what `terraform show -json` prints, redacted. `exit_code` is None where nobody
    knows it. `interrupted` is empty, or "interrupt", "killed" or "timeout".
    """

    tool: str = ""
    command: str = ""
    argv: tuple[str, ...] = ()
    workspace: str = ""
    directory: str = ""
    exit_code: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    interrupted: str = ""
    log: str = ""
    plan: dict[str, Any] | None = None
    policies: tuple[PolicyResult, ...] = ()
    cost: dict[str, Any] | None = None
    repository: str = ""
    commit: str = ""
    url: str = ""
