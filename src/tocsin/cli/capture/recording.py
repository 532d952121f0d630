"""One run as it is recorded: from what it printed and left behind to the deployment that is sent, without its secrets."""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from tocsin.cli.capture import found
from tocsin.cli.capture.found import Command
from tocsin.deployments.document import FORMAT, Document, Section
from tocsin.deployments.receiving import cleaned
from tocsin.deployments.terraform.cost import CostError, parse_cost
from tocsin.deployments.terraform.plan import PlanError, parse_plan
from tocsin.deployments.terraform.policy import PolicyError, PolicyResult, parse_policy
from tocsin.deployments.terraform.secrets import sensitive_values
from tocsin.ground.redaction import redact_json

_TERRAFORM = frozenset({"terraform", "tofu"})
# Shorter values of secret variables can't be told from any other text.
_SHORTEST_SECRET = 6


@dataclass(frozen=True, slots=True)
class Given:
    """What whoever starts the run says about it; empty: find out."""

    project: str = ""
    environment: str = ""
    configuration: str = ""
    plan: Path | None = None
    policies: tuple[Path, ...] = ()
    cost: Path | None = None


@dataclass(slots=True)
class Recording:
    """A run from just before it starts. `key` is that of the redaction."""

    command: Command
    given: Given
    key: bytes
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    began: float = field(default_factory=time.time)

    def begun(self) -> Document:
        """What to report where nobody will have seen the end."""
        return self._document(self._section("", None, ""))

    def ended(self, log: bytes, exit_code: int | None, interrupted: str) -> Document:
        """What to report. `log` is all that it printed; `exit_code` is None where nobody saw it."""
        section = self._section(log.decode("utf-8", "replace"), exit_code, interrupted)
        section.finished_at = datetime.now(UTC)
        marked = self._marked(section.log)
        secrets = self._secrets() | (marked or frozenset())
        plan = self._plan()
        if plan is not None:
            section.plan = plan
        section.policies, section.cost = self._policies(), self._cost()
        clean = cleaned(section, secrets, self.key, state_known=marked is not None)
        if section.plan is not None and clean.plan is None:
            say("the plan is left out: it can't be gone through, so nobody knows what is secret in it")
        return self._document(clean)

    def _section(self, log: str, exit_code: int | None, interrupted: str) -> Section:
        command, folder = self.command, self.command.folder
        section = Section(
            tool=command.tool,
            command=command.command,
            argv=[legible(word) for word in command.argv],
            workspace=legible(found.workspace(command)),
            directory=legible(str(folder)),
            exit_code=exit_code,
            started_at=datetime.fromtimestamp(self.began, UTC),
            interrupted=interrupted,
            log=log,
            repository=legible(found.repository(folder, os.environ)),
            commit=legible(found.commit(folder, os.environ)),
            url=legible(found.url(os.environ)),
        )
        return cleaned(section, frozenset(), self.key) if not log else section

    def _document(self, section: Section) -> Document:
        return Document(
            format=FORMAT,
            run=self.run,
            configuration=legible(self.given.configuration or found.configuration(self.command)),
            deployment=section,
            actor=legible(found.actor(os.environ)),
            project=legible(self.given.project),
            environment=legible(self.given.environment),
        )

    def _plan(self) -> dict[str, Any] | None:
        try:
            raw = self._plan_json()
            if raw is None:
                return None
            parse_plan(raw)
            return msgspec.json.decode(raw, type=dict[str, Any])
        except (OSError, PlanError, msgspec.DecodeError, UnicodeDecodeError) as error:
            say(f"the plan is left out: {error}")
            return None

    def _plan_json(self) -> bytes | None:
        """The JSON of the plan that is given, else of the file that the command writes or applies. Raises OSError."""
        given = self.given.plan
        if given is not None and not (content := found.contents(given)).startswith(b"PK"):
            return content
        file = given or self.command.plan_file
        is_there = file is not None and self._is_known() and file.is_file()
        return found.shown(self.command, str(file.resolve())) if file and is_there else None

    def _secrets(self) -> frozenset[str]:
        """What must not be told: values of secret variables."""
        return frozenset(legible(value) for name, value in os.environ.items() if self._is_secret(name, value))

    def _marked(self, log: str) -> frozenset[str] | None:
        """What the state marks as sensitive, where that was about to be shown; None where it was not asked, or not told."""
        state = found.shown(self.command) if "sensitive" in log and self._is_known() else None
        try:
            return sensitive_values(state) if state else None
        except PlanError:
            return None

    def _is_secret(self, name: str, value: str) -> bool:
        if len(value) < _SHORTEST_SECRET or value.startswith("/"):  # PWD is a folder
            return False
        told = {name.removeprefix("TF_VAR_"): value}
        return bool(redact_json(told, self.key) != told)

    def _is_known(self) -> bool:
        return self.command.tool in _TERRAFORM

    def _policies(self) -> list[PolicyResult]:
        results: list[PolicyResult] = []
        for path in self.given.policies or found.policy_files(self.command.folder, self.began):
            try:
                content = _read(path)
                results += parse_policy(content) if content is not None else ()
            except PolicyError as error:
                say(f"{path.name} is left out: {error}")
        return results

    def _cost(self) -> dict[str, Any] | None:
        path = self.given.cost or found.cost_file(self.command.folder, self.began)
        content = _read(path) if path else None
        if path is None or content is None:
            return None
        try:
            return msgspec.json.decode(msgspec.json.encode(parse_cost(content)), type=dict[str, Any])
        except CostError as error:
            say(f"{path.name} is left out: {error}")
            return None


def legible(text: str) -> str:
    """Text that can be sent: what is no UTF-8, as names of files and values of variables may be, is replaced as in a log."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _read(path: Path) -> bytes | None:
    try:
        return found.contents(path)
    except OSError as error:
        say(f"{path} is left out: {error.strerror or error}")
        return None


def say(text: str) -> None:
    """Tells whoever runs it, beside the command's own output."""
    click.echo(f"tocsin: {text}", err=True)
