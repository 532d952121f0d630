"""Gathers what single lines and messages of a log say, and draws the run from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args

from tocsin.deployments.terraform.blocks import lock_info
from tocsin.deployments.terraform.messages import Message, read_told
from tocsin.deployments.terraform.parsed import (
    Action,
    Command,
    Counts,
    Diagnostic,
    Form,
    Interruption,
    ResourceEvent,
    Run,
    State,
    Tool,
)
from tocsin.deployments.terraform.progress import SUPPRESSED, Phase, Progress, interruption

MOST_DIAGNOSTICS = 2_000
MOST_EVENTS = 100_000
MOST_DRIFT = 10_000

_ACTIONS: dict[str, Action] = {action: action for action in get_args(Action)}
_COMMANDS: dict[str, Command] = {command: command for command in get_args(Command)}
_HOOKS: dict[str, State] = {
    "apply_start": "started",
    "apply_progress": "started",
    "apply_complete": "complete",
    "apply_errored": "failed",
    "refresh_start": "started",
    "refresh_complete": "complete",
}
_COMMAND_OF: dict[Phase, Command] = {
    "init": "init",
    "initialized": "init",
    "valid": "validate",
    "plan": "plan",
    "planned": "plan",
    "drift": "plan",
    "import": "import",
    "imported": "import",
    "applied": "apply",
    "destroyed": "destroy",
}
# A run goes through these in this order: the furthest one says what it was.
_FURTHEST: tuple[Command, ...] = ("", "init", "validate", "plan", "refresh", "import", "apply", "destroy")
_ENDS: dict[Phase, Command] = {"applied": "apply", "destroyed": "destroy", "valid": "validate", "imported": "import"}
_ECHOED = re.compile(
    r"(?:^|[$+➜>%] ?|[Ee]xecuting:? |[Rr]unning:? )\"?(?:\S*/)?(?P<tool>terraform|tofu)(?:\.exe)?(?: -chdir=\S+)?"
    r" (?P<command>plan|apply|destroy|init|validate|import|refresh)\b"
)
_VERSION = re.compile(r"(?P<tool>Terraform|OpenTofu) v(?P<version>\d+\.\d+\.\d+[\w.-]*)$")
_SAID_BY = re.compile(r"(?P<tool>Terraform|OpenTofu) (?:used the|will perform|has been|planned|encountered)")
_NOT_SAVED = re.compile(r"Failed to (?:persist|save) state|Error saving state|Error writing state")
_CHANGING = frozenset({"create", "update", "delete", "replace"})


class Collected:
    """Everything heard so far. Bounded: what is beyond is counted in `omitted`."""

    def __init__(self) -> None:
        self.tool: Tool = ""
        self.version = ""
        self.told: Command = ""
        self.furthest: Command = ""
        self.ended: set[Command] = set()
        self.diagnostics: list[Diagnostic] = []
        self.has_errors = False
        self.events: dict[tuple[str, Action], ResourceEvent] = {}
        self.counts: Counts | None = None
        self.drift: dict[str, None] = {}
        self.interrupted: Interruption = ""
        self.suppressed = False
        self.messages = 0
        self.people = 0
        self.omitted = 0

    @property
    def succeeded(self) -> bool:
        """Whether an end without errors was seen."""
        return bool(self.ended)

    def reach(self, command: Command) -> None:
        """Notes that the run came as far as this."""
        if command != self.furthest:
            self.furthest = max(self.furthest, command, key=_FURTHEST.index)

    # --- what is found ---------------------------------------------------------------------------------------------

    def add_diagnostic(self, found: Diagnostic) -> None:
        self.has_errors = self.has_errors or found.severity == "error"
        if len(self.diagnostics) < MOST_DIAGNOSTICS:
            self.diagnostics.append(found)
        else:
            self.omitted += 1

    def add_all(self, found: Iterable[Diagnostic]) -> None:
        for each in found:
            self.add_diagnostic(each)

    def add_event(self, progress: Progress, number: int) -> None:
        address, action, state, seconds = progress
        if action in _CHANGING:
            self.reach("apply")
        elif action == "import":
            self.reach("import")
        if len(self.events) < MOST_EVENTS or (address, action) in self.events or state == "failed":
            self.events[address, action] = ResourceEvent(address, action, state, seconds, number)
        else:
            self.omitted += 1

    def add_drift(self, address: str) -> None:
        if len(self.drift) < MOST_DRIFT:
            self.drift[address] = None
        else:
            self.omitted += 1

    # --- human lines -----------------------------------------------------------------------------------------------

    def add_phase(self, phase: Phase | None, counts: Counts | None) -> None:
        """What a line between diagnostics says of how far the run came."""
        self.people += 1
        self.counts = counts or self.counts
        if phase:
            self.reach(_COMMAND_OF[phase])
            self.ended |= {_ENDS[phase]} if phase in _ENDS else set()
            if phase in ("planned", "initialized"):
                self.ended.add("plan" if phase == "planned" else "init")

    def add_line(self, line: str) -> None:
        """Looks for the tool, its version, its command and how it ended in a line that stands for itself."""
        self.interrupted = self.interrupted or interruption(line)
        if "erraform" in line or "ofu" in line:
            if found := _ECHOED.search(line):
                self.told = _COMMANDS[found["command"]]
                self.tool = self.tool or ("tofu" if found["tool"] == "tofu" else "terraform")
                self.ended.clear()
            if found := _VERSION.match(line) or _SAID_BY.search(line):
                self.tool = "tofu" if found["tool"] == "OpenTofu" else "terraform"
                self.version = found.groupdict().get("version") or self.version

    # --- messages --------------------------------------------------------------------------------------------------

    def add_message(self, message: Message, number: int) -> None:
        self.messages += 1
        if message.diagnostic is not None:
            self.add_diagnostic(read_told(message.diagnostic, number, number))
        elif message.hook is not None:
            self._add_hook(message, number)
        elif message.type == "change_summary" and message.changes is not None:
            self._add_summary(message)
        elif message.type == "resource_drift" and message.change and message.change.resource:
            if message.change.action in ("update", "delete"):
                self.add_drift(message.change.resource.addr)
        elif message.type == "version":
            self.tool = "tofu" if message.tofu else "terraform"
            self.version = message.tofu or message.terraform
        else:
            self._add_text(message.text)

    def _add_hook(self, message: Message, number: int) -> None:
        hook, state = message.hook, _HOOKS.get(message.type)
        assert hook is not None
        if message.type == "provision_progress" and SUPPRESSED in message.text:
            self.suppressed = True
        action = _ACTIONS.get("refresh" if message.type.startswith("refresh_") else hook.action)
        if state and action and hook.resource:
            self.add_event(Progress(hook.resource.addr, action, state, hook.elapsed_seconds), number)

    def _add_summary(self, message: Message) -> None:
        assert message.changes is not None
        self.counts = message.counts
        if operation := _COMMANDS.get(message.changes.operation):
            self.reach(operation)
            self.ended.add(operation)

    def _add_text(self, text: str) -> None:
        if why := next((why for line in text.split("\n") if (why := interruption(line))), ""):
            self.interrupted = self.interrupted or why
        if text.startswith("Initializing "):
            self.reach("init")

    # --- the run ---------------------------------------------------------------------------------------------------

    def run(self, lines: int) -> Run:
        """The run, as everything together tells it."""
        command = self.told or self.furthest
        errors = [found for found in self.diagnostics if found.severity == "error"]
        details = "\n".join(found.detail for found in errors)
        form: Form = "human" if not self.messages else "json" if not self.people else "mixed"
        return Run(
            tool=self.tool or ("tofu" if "tofu" in details.lower() else ""),
            version=self.version,
            command=command,
            diagnostics=tuple(sorted(self.diagnostics, key=lambda found: found.first_line)),
            events=tuple(self._settled_events(errors)),
            counts=None if errors and self.counts == Counts() else self.counts,
            drift=tuple(self.drift),
            lock=next((lock for found in errors if (lock := lock_info(found.detail))), None),
            finished=self._finished(command, errors),
            interrupted=self.interrupted,
            state_not_saved=any(
                _NOT_SAVED.match(found.summary) or "errored.tfstate" in found.detail for found in errors
            ),
            suppressed=self.suppressed,
            form=form,
            lines=lines,
            omitted=self.omitted,
        )

    def _finished(self, command: Command, errors: list[Diagnostic]) -> bool:
        """Terraform prints its errors at the very end, so that any of them is an end too."""
        if errors:
            return self.interrupted not in ("killed", "timeout")
        return command in self.ended or (command == "refresh" and bool(self.ended))

    def _settled_events(self, errors: list[Diagnostic]) -> Iterable[ResourceEvent]:
        """The events. Human output never says that an action failed: an error of its resource does."""
        failed = {found.address: found.provisioner for found in errors if found.address}
        for event in self.events.values():
            if event.address in failed and event.action in _CHANGING and event.state in ("started", "failed"):
                tainted = failed[event.address] and event.action == "create"
                yield ResourceEvent(
                    event.address, event.action, "tainted" if tainted else "failed", event.seconds, event.line
                )
            else:
                yield event
