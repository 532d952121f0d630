"""Which alert follows from a run of an infrastructure tool. Pure.

A run that calls somebody is a firing of the alert of its configuration's stage (plan, apply, drift). A run that went
well ends the firings that it disproves: an apply all of them, a plan those of plans, a look for drift those of drift.
"""

from __future__ import annotations

import msgspec

from tocsin.alerts.parsed import ParsedAlert
from tocsin.alerts.runs import CHANGING, Outcome, ReportedRun, Trigger, place

_PROVES = {"plan": ("plan",), "drift": ("drift", "plan")}
_ALL_STAGES = ("apply", "plan", "drift")
_HAPPENED = {
    Trigger.APPLY_FAILURE: "failed",
    Trigger.SECURITY_POLICY: "is blocked by a security policy",
    Trigger.POLICY: "is blocked by policy",
    Trigger.DRIFT: "found drift",
    Trigger.PLAN_TIMEOUT: "timed out",
    Trigger.PLAN_FAILURE: "failed",
}


def alerts_of(run: ReportedRun) -> tuple[ParsedAlert, ...]:
    """The alert that a run fires, or those that it ends; none for one that says nothing."""
    if run.trigger is not None:
        return (_alert(run, _stage(run), firing=True),)
    if run.outcome is not Outcome.SUCCEEDED:
        return ()
    ended = _ALL_STAGES if run.command in CHANGING else _PROVES.get(run.command, ())
    return tuple(_alert(run, stage, firing=False) for stage in ended)


def _stage(run: ReportedRun) -> str:
    if run.trigger is Trigger.DRIFT:
        return "drift"
    return "apply" if run.command in CHANGING else "plan"


def _alert(run: ReportedRun, stage: str, *, firing: bool) -> ParsedAlert:
    labels = {"configuration": place(run), "tool": run.tool, "command": run.command, "repository": run.repository}
    return ParsedAlert(
        identity=msgspec.json.encode([run.configuration, run.workspace, stage]).decode(),
        title=_title(run, run.trigger) if run.trigger else "",  # what ends keeps its name
        firing=firing,
        starts_at=run.finished_at if firing else None,
        ends_at=None if firing else run.finished_at,
        description=run.reason,
        severity=run.trigger or "",
        labels={name: text for name, text in labels.items() if text},
        links={"run": run.url} if run.url.startswith(("http://", "https://")) else {},
        is_event=True,
    )


def _title(run: ReportedRun, trigger: Trigger) -> str:
    said = run.tool if trigger is Trigger.DRIFT else f"{run.tool} {run.command}".strip()
    return f"{said} {_HAPPENED[trigger]}"
