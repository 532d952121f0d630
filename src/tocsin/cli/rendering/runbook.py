"""A runbook as Markdown, which reads well on a terminal too, and survives being pasted into an issue or a chat."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.cli.rendering.markdown import block, escaped
from tocsin.investigation.diagnosis.runbook import Runbook, Step


def render_runbook(made: Runbook) -> str:
    """The runbook as CommonMark, without a last newline. Everything that came from a log is escaped."""
    steps = [_step(number, step) for number, step in enumerate(made.steps, start=1)]
    return "\n\n".join([f"### Runbook: {escaped(made.title)}", *steps])


def _step(number: int, step: Step) -> str:
    indent = " " * len(f"{number}. ")
    return "\n".join([f"{number}. **{escaped(step.title)}**", *_lines(step, indent)])


def _lines(step: Step, indent: str) -> Iterator[str]:
    for argv in step.commands:
        yield block(argv, indent)
    for label, text in (("Expect", step.expect), ("Stop", step.stop)):
        if text:
            yield f"\n{indent}{label}: {escaped(text)}"
    for label, argv in (("Look", step.verify), ("To go back", step.back)):
        if argv:
            yield f"\n{indent}{label}:\n\n{block(argv, indent)}"
