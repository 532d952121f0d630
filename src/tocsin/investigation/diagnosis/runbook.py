"""A runbook for the very error: what to do in order, what to expect, how to go back, and when to stop and ask whom."""

from collections.abc import Iterator, Mapping

import msgspec

from tocsin.investigation.diagnosis.markdown import block, escaped
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.report import Hypothesis, Report

_OWNER = "whoever owns this configuration"
# Who decides about the matter, by the category of the cause.
_WHOM: Mapping[str, str] = {
    "authentication": "whoever keeps the credentials of this run",
    "permission": "whoever gives rights in this account",
    "policy": "the owner of the policy",
    "quota_capacity": "the owner of the account",
    "state_lock": "whoever else works on this state",
    "state_backend": "whoever keeps the state",
    "state_drift": "whoever changed it by hand",
    "network": "whoever runs the network or the service",
    "provider_bug": "the authors of the provider",
    "core_bug": "the authors of the tool",
}


class Step(msgspec.Struct, frozen=True):
    """One thing to do. `expect` is what a good outcome shows, `verify` how to look, `back` how to undo, `note` what to know
    before; empty: nothing.
    """

    title: str
    commands: tuple[tuple[str, ...], ...] = ()
    expect: str = ""
    verify: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    stop: str = ""
    note: str = ""


class Runbook(msgspec.Struct, frozen=True):
    """Steps in their order, for one cause of one subject."""

    title: str
    cause: str
    steps: tuple[Step, ...]

    def to_json(self) -> bytes:
        """Encode in the form that is kept with an incident."""
        return msgspec.json.encode(self)


def runbook(report: Report) -> Runbook | None:
    """Write the runbook of a report's first hypothesis; None where it has none or nothing to type."""
    first = next(iter(report.hypotheses), None)
    if first is None or not first.commands:
        return None
    return Runbook(first.summary, first.cause, tuple(_steps(report, first)))


def runbook_text(made: Runbook) -> str:
    """Write a runbook's steps as Markdown that people can go on with, without its title. What a log said is escaped."""
    return "\n\n".join(part for number, step in enumerate(made.steps, 1) for part in _told(number, step))


def _told(number: int, step: Step) -> Iterator[str]:
    yield f"### {number}. {escaped(step.title)}"
    if step.note:
        yield f"**Know first:** {escaped(step.note)}"
    yield from (block(argv) for argv in step.commands)
    if step.expect:
        yield f"**Expect:** {escaped(step.expect)}"
    if step.verify:
        yield f"**To verify:**\n\n{block(step.verify)}"
    if step.back:
        yield f"**To go back:**\n\n{block(step.back)}"
    if step.stop:
        yield f"**When to stop:** {escaped(step.stop)}"


def _steps(report: Report, first: Hypothesis) -> Iterator[Step]:
    whom = _WHOM.get(first.category, _OWNER)
    doubt = [other.summary for other in report.hypotheses[1:3] if other.subject == first.subject]
    yield Step(
        "Hold all other changes to this until it is over",
        expect=f"nobody else changes it; the cause is {first.summary}",
        stop=f"if it is rather this: {'; or '.join(doubt)}" if doubt else "",
        note="; ".join(first.contributing),
    )
    looks = [command for command in first.commands if command.tier == "read-only"]
    deeds = [command for command in first.commands if command.tier != "read-only"]
    yield from (_look(command) for command in looks if not _closing(command, first))
    yield from (_deed(command, whom) for command in deeds)
    yield from (_look(command) for command in looks if _closing(command, first))
    yield Step(
        "See that it is over, and write down what was learned",
        expect="the run that failed succeeds, and a further plan has nothing to change",
        stop=f"if it fails again with the same error: undo what was done here and ask {whom}",
    )


def _closing(command: Command, first: Hypothesis) -> bool:
    """Tell whether a look belongs after the deeds: a plan that shows what is left."""
    return len(command.argv) > 1 and command.argv[1] == "plan" and command in first.commands[1:]


def _look(command: Command) -> Step:
    return Step(
        _sentence(command.purpose),
        (command.argv,),
        expect="" if command.argv[1:2] != ("plan",) else "no error, and only the changes that are wanted",
        stop=f"unless {command.before}" if command.before else "",
    )


def _deed(command: Command, whom: str) -> Step:
    sure = command.before or "what was looked at before is as described"
    final = "" if command.undo else "; it cannot be undone"
    return Step(
        _sentence(command.purpose),
        (command.argv,),
        expect=command.verify.expect if command.verify else "",
        verify=command.verify.argv if command.verify else (),
        back=command.undo.argv if command.undo else (),
        stop=f"stop and ask {whom}, unless {sure}{final}",
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
