"""A deployment that was sent, understood: redacted once more, judged, and ready to be kept. Pure but for its own work."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

import msgspec

from tocsin.alerts.runs import ReportedRun
from tocsin.deployments.document import Document, Section
from tocsin.deployments.drift import Noise, drifted
from tocsin.deployments.judging import command_of, judge
from tocsin.deployments.record import Record
from tocsin.deployments.rollback import rollback_plan
from tocsin.deployments.terraform.log import parse_log
from tocsin.deployments.terraform.parsed import Counts, Run
from tocsin.deployments.terraform.plan import Plan, PlanError, parse_plan
from tocsin.deployments.terraform.policy import PolicyResult
from tocsin.deployments.terraform.secrets import redact_log, redact_plan, sensitive_values

_ORDER = ("failed", "warning", "skipped", "passed")


@dataclass(frozen=True, slots=True)
class Understood:
    """What becomes of a document: the run, what is kept of it, and the signal's body."""

    run: ReportedRun
    record: Record
    body: str


def cleaned(section: Section, secrets: frozenset[str], key: bytes, *, state_known: bool = False) -> Section:
    """A section without secrets: those that its plan marks, those that are given, and whatever looks like one.

    `state_known`: those that are given hold all that the state after the run marks.
    """
    plan = section.plan
    if plan is not None:
        raw = msgspec.json.encode(plan)
        try:
            parse_plan(raw)
            secrets |= sensitive_values(raw)
            plan = msgspec.json.decode(redact_plan(raw, secrets, key))
        except PlanError:  # nobody knows what is secret in it
            plan = None
    told = msgspec.to_builtins(msgspec.structs.replace(section, log="", plan=None))
    clean = msgspec.json.decode(redact_plan(msgspec.json.encode(told), secrets, key), type=Section)
    log = redact_log(section.log, secrets, key, all_known=state_known and plan is not None)
    return msgspec.structs.replace(clean, log=log, plan=plan)


def understand(document: Document, noise: list[Noise], key: bytes) -> Understood:
    """Everything that is decided about a run when it comes in. `key` is that of this installation's redaction."""
    section = cleaned(document.deployment, frozenset(), key)
    run = parse_log(section.log.encode("utf-8", "surrogateescape"))
    plan = _plan(section)
    found = drifted(plan, run.drift, noise)
    judged = judge(section, run, found)
    told = msgspec.to_builtins(msgspec.structs.replace(section, log="", plan=None))
    reported = ReportedRun(
        run=document.run,
        tool=section.tool or run.tool or "terraform",
        command=command_of(section),
        configuration=document.configuration,
        workspace=section.workspace,
        outcome=judged.outcome,
        trigger=judged.trigger,
        reason=judged.reason,
        exit_code=section.exit_code,
        started_at=section.started_at,
        finished_at=section.finished_at,
        actor=document.actor,
        repository=section.repository,
        commit=section.commit,
        url=section.url,
    )
    body = msgspec.json.encode({"run": document.run, "configuration": document.configuration, "deployment": told})
    return Understood(reported, _record(section, run, plan, [one.as_json() for one in found]), body.decode())


def _urgency(result: PolicyResult) -> int:
    return _ORDER.index(result.status)


def _plan(section: Section) -> Plan | None:
    if section.plan is None:
        return None
    try:
        return parse_plan(msgspec.json.encode(section.plan))
    except PlanError:
        return None


def _record(section: Section, run: Run, plan: Plan | None, drift: list[dict[str, Any]]) -> Record:
    counts = run.counts or (plan.counts if plan else None)
    log = section.log.encode("utf-8", "surrogateescape")
    return Record(
        section=gzip.compress(msgspec.json.encode(msgspec.structs.replace(section, log="")), 6),
        log=gzip.compress(log, 6),
        lines=run.lines,
        counts={name: getattr(counts, name) for name in Counts.__struct_fields__} if counts else None,
        cost=section.cost,
        policies=[msgspec.to_builtins(result) for result in sorted(section.policies, key=_urgency)],
        drift=drift,
        rollback=rollback_plan(section, run),
    )
