"""How a recorded run ended, and whether that calls somebody: a decision with its reason. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tocsin.alerts.runs import CHANGING, Outcome, Trigger
from tocsin.deployments.document import Section
from tocsin.deployments.drift import Drifted, significant
from tocsin.deployments.terraform.parsed import Run
from tocsin.deployments.terraform.policy import PolicyResult

# A failed result of this severity blocks, whatever the engine; and any failed result of an engine that is there to block.
CRITICAL_RULE, ENFORCED_RULE = "critical-policies-block", "enforced-policies-block"
_ENFORCING = frozenset({"opa", "conftest", "sentinel"})
_DECLINED = re.compile(r"^(?:Apply|Destroy) cancelled\.", re.MULTILINE)
# How a tool says that a policy of its own platform stopped it.
_POLICY = re.compile(r"\bpolic(?:y|ies)(?: checks?| sets?)? (?:hard |soft )?(?:failed|violat)", re.IGNORECASE)
_LONGEST_SUMMARY = 300
_DIFFERS = 2  # what `plan -detailed-exitcode` ends with where something differs


@dataclass(frozen=True, slots=True)
class Judged:
    """The decision. `reason` is a sentence."""

    outcome: Outcome
    trigger: Trigger | None
    reason: str


def command_of(section: Section) -> str:
    """What was run, as people call it: a plan that only refreshes looks for drift, an apply may be one that destroys."""
    if section.command == "plan" and "-refresh-only" in section.argv:
        return "drift"
    return "destroy" if section.command == "apply" and "-destroy" in section.argv else section.command


def judge(section: Section, run: Run, drift: list[Drifted]) -> Judged:
    """How the run ended. `run` is what its log tells, `drift` what it found changed outside, with what may be ignored."""
    command = command_of(section)
    # A script or `make deploy` does not say what it does; what its log tells of then counts.
    changing = command in CHANGING or (not command and _touched(run))
    blocked = _blocked(section.policies)
    if blocked is not None and not run.errors and not (changing and run.events):
        return blocked
    if section.interrupted == "timeout" or (section.exit_code != 0 and run.interrupted == "timeout"):
        trigger = Trigger.APPLY_FAILURE if changing else Trigger.PLAN_TIMEOUT
        return Judged(Outcome.TIMED_OUT, trigger, f"the {command or 'run'} took longer than it was given")
    if command == "drift" and section.exit_code in {0, _DIFFERS}:
        return _drift(drift)
    if section.exit_code is None:
        return _unwitnessed(run, changing)
    if section.exit_code == 0 or (section.exit_code == _DIFFERS and "-detailed-exitcode" in section.argv):
        return Judged(Outcome.SUCCEEDED, None, f"it ended with exit status {section.exit_code}")
    if _was_called_off(section, run):
        return Judged(Outcome.CANCELLED, None, "somebody called it off before it changed anything")
    return _failed(section, run, changing)


def _failed(section: Section, run: Run, changing: bool) -> Judged:
    trigger = Trigger.APPLY_FAILURE if changing else Trigger.PLAN_FAILURE
    first = run.errors[0].summary if run.errors else ""
    how = {"killed": "it was killed", "interrupt": "it was interrupted"}.get(section.interrupted or run.interrupted)
    reason = how or f"it ended with exit status {section.exit_code}"
    if _POLICY.search(first) and not run.events:
        return Judged(Outcome.BLOCKED, Trigger.POLICY, f"{reason}: {first[:_LONGEST_SUMMARY]}")
    outcome = Outcome.UNFINISHED if how and not run.finished else Outcome.FAILED
    return Judged(outcome, trigger, f"{reason}: {first[:_LONGEST_SUMMARY]}" if first else reason)


def _unwitnessed(run: Run, changing: bool) -> Judged:
    """Nobody saw its exit status: whoever recorded it was killed. The log may tell all the same."""
    if run.finished and not run.errors:
        return Judged(Outcome.SUCCEEDED, None, "its log tells of a good end; nobody saw its exit status")
    trigger = Trigger.APPLY_FAILURE if changing else Trigger.PLAN_FAILURE
    if run.errors:
        first = run.errors[0].summary[:_LONGEST_SUMMARY]
        return Judged(Outcome.FAILED, trigger, f"nobody saw its exit status, but its log tells of an error: {first}")
    return Judged(Outcome.UNFINISHED, trigger, "nobody saw its end, and its log does not tell of one")


def _touched(run: Run) -> bool:
    return any(event.action != "read" and event.action != "refresh" for event in run.events)


def _was_called_off(section: Section, run: Run) -> bool:
    stopped = section.interrupted == "interrupt" or run.interrupted == "interrupt"
    return (stopped and not _touched(run)) or bool(_DECLINED.search(section.log))


def _drift(found: list[Drifted]) -> Judged:
    counting = significant(found)
    if counting:
        named = ", ".join(one.address for one in counting[:3])
        more = f" and {len(counting) - 3} more" if len(counting) > 3 else ""
        return Judged(Outcome.DRIFTED, Trigger.DRIFT, f"changed or deleted outside: {named}{more}")
    ignored = f"; {len(found)} that changed are on the noise list" if found else ""
    return Judged(Outcome.SUCCEEDED, None, f"nothing that counts was changed outside{ignored}")


def _blocked(policies: list[PolicyResult]) -> Judged | None:
    failed = [result for result in policies if result.status == "failed"]
    critical = [result for result in failed if result.severity == "critical"]
    enforced = [result for result in failed if result.engine in _ENFORCING]
    blocking, trigger, rule = (
        (critical, Trigger.SECURITY_POLICY, CRITICAL_RULE) if critical else (enforced, Trigger.POLICY, ENFORCED_RULE)
    )
    if not blocking:
        return None
    first = blocking[0]
    about = f" on {first.resource}" if first.resource else ""
    more = f" and {len(blocking) - 1} more" if len(blocking) > 1 else ""
    said = f"{first.engine} {first.rule}{about}"
    return Judged(Outcome.BLOCKED, trigger, f"{said}{more} failed; {rule}")
