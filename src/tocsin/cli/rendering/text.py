"""A report on one screen, for someone tired: what is broken, why, what to type, what else it could be."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import click

from tocsin.cli.rendering.words import count, folded, next_checks, place, sureness, telling, value_text
from tocsin.ground.plain import clipped, command_line, plain, sentence
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.report import Evidence, Hypothesis, Report

_SURENESS_COLOURS = {"high": "green", "medium": "yellow", "low": "red"}
_TIER_COLOURS = {"read-only": "green", "reversible": "yellow", "irreversible": "red"}
# More than these and the answer leaves the screen; the rest is in the JSON form.
_OTHERS, _GAPS, _LISTED = 3, 5, 4


@dataclass(frozen=True, slots=True)
class Page:
    """Where text goes: so many columns, in colour or not."""

    width: int
    colour: bool

    def paint(self, text: str, colour: str | None = None, *, bold: bool = False, dim: bool = False) -> str:
        """The text in that colour, where this page has colours."""
        return click.style(text, fg=colour, bold=bold or None, dim=dim or None) if self.colour else text

    def wrap(self, text: str, indent: str = "  ", label: str = "", *, anywhere: bool = False) -> str:
        """The text broken between `indent` and the right edge, at words only unless `anywhere`; `label` comes first."""
        first = indent[: len(indent) - len(label)] + label if label else indent
        return textwrap.fill(
            plain(text),
            self.width,
            initial_indent=first,
            subsequent_indent=indent,
            break_long_words=anywhere,
            break_on_hyphens=False,
        )

    def ends(self, left: str, right: str) -> tuple[str, str]:
        """Both parts of a line, the left one cut and padded so that the right one ends at the edge."""
        room = max(20, self.width - len(right) - 2)
        return clipped(left, room).ljust(room), f"  {right}"

    def section(self, title: str, lines: Sequence[str], colour: str | None = None) -> str:
        """The lines under their title; nothing at all where there are none."""
        return "\n".join([self.paint(title, colour, bold=True), *lines]) if lines else ""


def render_text(report: Report, *, width: int = 88, colour: bool = False) -> str:
    """The report in lines of at most `width` columns, without a last newline.

    Commands are never broken, so that they can be copied; nothing in it is obeyed by a terminal but our own colours.
    """
    page = Page(max(60, width), colour)
    body = {"diagnosed": _diagnosed, "healthy": _healthy}.get(report.outcome, _inconclusive)
    elsewhere = _listed("Also wrong, but not behind this", report.elsewhere, page)
    sections = [*body(report, page), elsewhere, _gaps(report, page), _footer(report, page)]
    return "\n\n".join(section for section in sections if section)


def _diagnosed(report: Report, page: Page) -> Iterator[str]:
    first, *others = report.hypotheses
    yield _claim(first, page)
    yield page.wrap(first.explanation) if first.explanation else ""
    yield _evidence("Evidence", first.evidence, page)
    yield _evidence("Against it", first.against, page)
    yield _listed("Contributing", first.contributing, page)
    yield _listed("This explains", first.explains, page)
    yield _listed("It brings about", first.folded, page)
    yield _commands("What to do", first.commands, page)
    yield _others("Also considered", others, page)
    yield _listed("How it was found", report.steps, page, most=len(report.steps))


def _healthy(report: Report, page: Page) -> Iterator[str]:
    yield page.paint("Healthy: nothing is wrong with what was examined.", "green", bold=True)
    advice = "If users still notice something, it lies outside of this: the network before the cluster, a service "
    yield page.wrap(f"{advice}elsewhere, or the alert's own threshold.")
    yield _listed("How it was looked at", report.steps, page, most=len(report.steps))
    yield _others("Considered and found too weak", report.hypotheses, page)


def _inconclusive(report: Report, page: Page) -> Iterator[str]:
    blind = not report.examined and report.gaps
    why = "nothing could be looked at" if blind else "no cause has enough evidence behind it"
    yield page.paint(f"Inconclusive: {why}.", "yellow", bold=True)
    if blind:
        yield page.wrap("Mend what is named below first, then ask again.")
    yield _others("What it could be, best first", report.hypotheses, page)
    yield _commands("What to look at next", next_checks(report), page)
    yield _listed("How it was looked at", report.steps if report.examined else (), page, most=len(report.steps))


def _claim(hypothesis: Hypothesis, page: Page) -> str:
    left, right = page.ends(place(hypothesis.subject), sureness(hypothesis))
    title = page.paint(left, "red", bold=True)
    sure = page.paint(right, _SURENESS_COLOURS.get(hypothesis.confidence_label), bold=True)
    name = page.paint(f"  cause: {plain(hypothesis.cause)} ({plain(hypothesis.category)})", dim=True)
    return f"{title}{sure}\n{page.paint(page.wrap(hypothesis.summary), bold=True)}\n{name}"


def _evidence(title: str, evidence: Sequence[Evidence], page: Page) -> str:
    shown = telling(evidence)
    by_source = groupby(sorted(shown, key=attrgetter("ref")), key=lambda piece: plain(piece.ref).partition("#")[0])
    lines = []
    for source, pieces in by_source:
        lines.append(page.paint(f"  {source}", "cyan"))
        lines += [_piece(piece, page) for piece in pieces]
    if more := len(evidence) - len(shown):
        lines.append(page.paint(f"  {more} more like these in --output json", dim=True))
    return page.section(title, lines)


def _piece(piece: Evidence, page: Page) -> str:
    _, mark, pointer = plain(piece.ref).partition("#")
    where = f"{mark}{pointer}"
    value = clipped(value_text(piece.value), 2 * page.width)
    room = page.width - len(where) - 6
    if len(value) > room:
        return f"{page.wrap(value, '    ', anywhere=True)}\n      {page.paint(where, dim=True)}"
    return f"    {value:<{min(room, 24)}}  {page.paint(where, dim=True)}"


def _listed(title: str, texts: Sequence[str], page: Page, most: int = _LISTED) -> str:
    lines = [page.wrap(text, "    ", label="- ") for text in texts[:most]]
    if len(texts) > most:
        lines.append(page.paint(f"    {len(texts) - most} more", dim=True))
    return page.section(title, lines)


def _commands(title: str, commands: Sequence[Command], page: Page) -> str:
    blocks = [_command(number, command, page) for number, command in enumerate(commands[:_LISTED], start=1)]
    if len(commands) > _LISTED:
        blocks.append(page.paint(f"  {len(commands) - _LISTED} more in --output json", dim=True))
    return page.section(title, ["\n\n".join(blocks)] if blocks else [])


def _command(number: int, command: Command, page: Page) -> str:
    purpose, room = f"{number}. {sentence(command.purpose)}", page.width - len(command.tier) - 4
    # A purpose too long for its line is broken, and the tier stands at the end of its first line all the same.
    first, *more = textwrap.wrap(purpose, room, subsequent_indent="   ") or [purpose]
    lines = [
        f"  {first:<{room}}  {page.paint(command.tier, _TIER_COLOURS[command.tier])}",
        *(f"  {one}" for one in more),
    ]
    if command.before:
        lines.append(page.wrap(f"Before: {plain(command.before)}", "     "))
    lines.append(_line(command.argv, page))
    if command.verify:
        lines += [page.wrap(f"It worked if: {plain(command.verify.expect)}", "     "), _line(command.verify.argv, page)]
    if command.undo:
        lines += ["     Undo:", _line(command.undo.argv, page)]
    return "\n".join(lines)


def _line(argv: Sequence[str], page: Page) -> str:
    return f"       {page.paint(command_line(argv), 'cyan', bold=True)}"


def _others(title: str, hypotheses: Sequence[Hypothesis], page: Page) -> str:
    lines = [
        page.wrap(f"{plain(one.summary)} ({plain(one.cause)})", "        ", label=f"{one.confidence:>5.0%}  ")
        for one in hypotheses[:_OTHERS]
    ]
    if len(hypotheses) > _OTHERS:
        lines.append(page.paint(f"        {len(hypotheses) - _OTHERS} more in --output json", dim=True))
    return page.section(title, lines)


def _gaps(report: Report, page: Page) -> str:
    gaps = folded(report.gaps)
    lines = [page.wrap(gap, "    ", label="- ") for gap in gaps[:_GAPS]]
    if len(gaps) > _GAPS:
        lines.append(f"    {len(gaps) - _GAPS} more in --output json")
    return page.section("Could not be read", lines, "yellow")


def _footer(report: Report, page: Page) -> str:
    kinds = Counter(plain(subject.kind) for subject in report.examined)
    examined = ", ".join(count(number, kind) for kind, number in kinds.most_common(5)) or "nothing"
    return page.paint(page.wrap(f"Examined {examined}; took {report.took_ms} ms.", ""), dim=True)
