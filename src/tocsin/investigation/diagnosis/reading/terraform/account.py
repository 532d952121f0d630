"""What the steps of a diagnosis tell of a deployment."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from tocsin.investigation.diagnosis.reading.terraform.deployment import Deployment


def account(deployment: Deployment) -> Mapping[str, Callable[[], str]]:
    """Return the first six of the seven steps, each with what it tells of a run."""
    return {
        "alert": lambda: _ended(deployment),
        "resource": lambda: _where(deployment),
        "logs": lambda: _log(deployment),
        "scope": lambda: _failed(deployment),
        "dependencies": lambda: _policies(deployment),
        "changes": lambda: _plan(deployment),
    }


def _ended(deployment: Deployment) -> str:
    code = deployment.section.exit_code
    how = deployment.stopped or ("succeeded" if deployment.succeeded else "failed")
    return f"{deployment.subject.name} {how}" + ("" if code is None else f", exit code {code}")


def _where(deployment: Deployment) -> str:
    section = deployment.section
    told = {
        "in": PurePosixPath(section.directory).name,
        "workspace": section.workspace,
        "of": section.repository,
        "at": section.commit[:12],
        "version": deployment.run.version,
    }
    return ", ".join(f"{word} {value}" for word, value in told.items() if value) or "not told where"


def _log(deployment: Deployment) -> str:
    run = deployment.run
    follow = sum(found.cascade for found in run.errors)
    warnings = len(run.diagnostics) - len(run.errors)
    return (
        f"{run.lines} lines, {run.form}; {len(run.errors)} errors, {follow} of them follow from others; "
        f"{warnings} warnings"
    )


def _failed(deployment: Deployment) -> str:
    failed = list(dict.fromkeys(failure.subject.name for failure in deployment.failures))
    done = sum(event.state == "complete" and event.action not in ("read", "refresh") for event in deployment.run.events)
    more = f" and {len(failed) - 4} more" if len(failed) > 4 else ""
    return f"failed: {', '.join(failed[:4]) or 'nothing'}{more}; changed before: {done}"


def _policies(deployment: Deployment) -> str:
    held = deployment.section.policies
    failed = sum(verdict.status == "failed" for verdict in held)
    return f"{len(held)} policy results, {failed} failed" if held else "no policy results"


def _plan(deployment: Deployment) -> str:
    counts = deployment.run.counts
    told = f"{counts.add} to add, {counts.change} to change, {counts.destroy} to destroy" if counts else "not counted"
    drift = f"; {len(deployment.run.drift)} changed outside" if deployment.run.drift else ""
    return f"{told}{drift}; {'with' if deployment.section.plan else 'without'} the plan as JSON"
