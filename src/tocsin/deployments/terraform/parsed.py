"""What a Terraform or OpenTofu log says, as values: one Run with its diagnostics and what became of each resource."""

from __future__ import annotations

from typing import Literal

import msgspec

Action = Literal["create", "update", "delete", "replace", "read", "import", "refresh"]
State = Literal["started", "complete", "failed", "tainted"]
Form = Literal["human", "json", "mixed"]
Tool = Literal["terraform", "tofu", ""]
Command = Literal["plan", "apply", "destroy", "init", "validate", "import", "refresh", ""]
Interruption = Literal["", "interrupt", "killed", "timeout"]


# How an expression names what a block of this kind declares.
_KINDS = {"variable": "var"}


class LockInfo(msgspec.Struct, frozen=True):
    """Who holds a state lock, as the `Lock Info` block tells it; a line that is missing is an empty text."""

    id: str = ""
    path: str = ""
    operation: str = ""
    who: str = ""
    version: str = ""
    created: str = ""


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True):
    """One error or warning.

    `detail` has its wrapped lines joined; paragraphs are apart by an empty line. `address` is empty or that of a
    resource instance (`module.a["k"].aws_x.y[0]`). `file` and `line` point into the configuration (0: unknown),
    `first_line` and `last_line` into the log, from 1. `cascade`: it only follows from another error of the run.
    `provisioner`: a provisioner of `address` failed.
    """

    severity: Literal["error", "warning"]
    summary: str
    detail: str = ""
    address: str = ""
    file: str = ""
    line: int = 0
    context: str = ""
    snippet: str = ""
    attribute: str = ""
    first_line: int = 0
    last_line: int = 0
    cascade: bool = False
    provisioner: bool = False

    @property
    def resource(self) -> str:
        """The address, or else what the context names, without module and key: `resource "aws_x" "y"` is aws_x.y."""
        words = self.context.replace('"', "").split(" ")
        if self.address or len(words) not in (2, 3):
            return self.address
        kind, *names = words
        return ".".join(names if kind == "resource" else [_KINDS.get(kind, kind), *names])


class ResourceEvent(msgspec.Struct, frozen=True):
    """The latest that was heard of one action on one resource instance; `seconds` is how long it took, if that was said."""

    address: str
    action: Action
    state: State
    seconds: float | None
    line: int


class Counts(msgspec.Struct, frozen=True):
    """How many resource instances the tool says it will change, or has changed."""

    add: int = 0
    change: int = 0
    destroy: int = 0
    imported: int = 0


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run, as its log tells it. Texts are as printed: the caller redacts before it stores them.

    `drift`: addresses that were changed or deleted outside. `finished`: the end was seen, good or bad. `interrupted`
    is empty, or "interrupt", "killed" or "timeout". `state_not_saved`: the state could not be written to its backend.
    `suppressed`: the output of a provisioner was withheld as sensitive. `omitted` counts what was beyond the bounds
    (`MOST_…` in log.py): then events or diagnostics are not complete.
    """

    tool: Tool = ""
    version: str = ""
    command: Command = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    events: tuple[ResourceEvent, ...] = ()
    counts: Counts | None = None
    drift: tuple[str, ...] = ()
    lock: LockInfo | None = None
    finished: bool = False
    interrupted: Interruption = ""
    state_not_saved: bool = False
    suppressed: bool = False
    form: Form = "human"
    lines: int = 0
    omitted: int = 0

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Its errors: roots in the order of the log, then those that only follow from them."""
        errors = [found for found in self.diagnostics if found.severity == "error"]
        return tuple(sorted(errors, key=lambda found: found.cascade))
