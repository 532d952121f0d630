"""A report as Markdown that reads well in an issue and survives being pasted into a chat: no tables, no HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.cli.rendering.words import folded, next_checks, place, sureness, telling, value_text
from tocsin.ground.plain import sentence
from tocsin.investigation.diagnosis.markdown import block, code, escaped
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.report import Evidence, Hypothesis, Report


def render_markdown(report: Report) -> str:
    """The report as CommonMark, without a last newline. Everything from the cluster is escaped."""
    body = {"diagnosed": _diagnosed, "healthy": _healthy}.get(report.outcome, _inconclusive)
    elsewhere = _listed("Also wrong, but not behind this", report.elsewhere)
    sections = [*body(report), elsewhere, _listed("Could not be read", folded(report.gaps)), _footer(report)]
    return "\n\n".join(section for section in sections if section)


def _diagnosed(report: Report) -> Iterator[str]:
    first, *others = report.hypotheses
    yield f"### {escaped(place(first.subject))}: {escaped(first.cause)}"
    yield f"**{escaped(first.summary)}** ({escaped(sureness(first))})"
    yield escaped(first.explanation)
    yield _evidence("Evidence", first.evidence)
    yield _evidence("Against it", first.against)
    yield _listed("Contributing", first.contributing)
    yield _listed("This explains", first.explains)
    yield _listed("It brings about", first.folded)
    yield _commands("What to do", first.commands)
    yield _others("Also considered", others)
    yield _listed("How it was found", report.steps)


def _healthy(report: Report) -> Iterator[str]:
    yield "### Healthy: nothing is wrong with what was examined"
    yield _listed("How it was looked at", report.steps)
    yield _others("Considered and found too weak", report.hypotheses)


def _inconclusive(report: Report) -> Iterator[str]:
    blind = not report.examined and report.gaps
    yield f"### Inconclusive: {'nothing could be looked at' if blind else 'no cause has enough evidence behind it'}"
    yield _others("What it could be, best first", report.hypotheses)
    yield _commands("What to look at next", next_checks(report))
    yield _listed("How it was looked at", report.steps)


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"**{title}**", "", *lines]) if lines else ""


def _evidence(title: str, evidence: Sequence[Evidence]) -> str:
    shown = telling(evidence)
    lines = [f"- {code(value_text(one.value))} at {code(one.ref)}" for one in shown]
    more = len(evidence) - len(shown)
    return _section(title, [*lines, f"- {more} more like these"] if more else lines)


def _listed(title: str, texts: Sequence[str]) -> str:
    return _section(title, [f"- {escaped(text)}" for text in texts])


def _commands(title: str, commands: Sequence[Command]) -> str:
    return _section(title, [_command(number, one) for number, one in enumerate(commands, start=1)])


def _command(number: int, command: Command) -> str:
    indent = " " * len(f"{number}. ")
    lines = [f"{number}. {escaped(sentence(command.purpose))} (*{command.tier}*)", block(command.argv, indent)]
    if command.before:
        lines.insert(1, f"{indent}Before: {escaped(command.before)}\n")
    if command.verify:
        lines += ["", f"{indent}It worked if: {escaped(command.verify.expect)}\n", block(command.verify.argv, indent)]
    if command.undo:
        lines += ["", f"{indent}Undo:\n", block(command.undo.argv, indent)]
    return "\n".join(lines)


def _others(title: str, hypotheses: Sequence[Hypothesis]) -> str:
    return _section(
        title, [f"- {one.confidence:.0%} {escaped(one.summary)} ({escaped(one.cause)})" for one in hypotheses]
    )


def _footer(report: Report) -> str:
    return f"Examined {len(report.examined)} objects in {report.took_ms} ms, read-only."
