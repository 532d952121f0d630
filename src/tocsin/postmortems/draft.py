"""The draft of a postmortem: each section as far as the record of the incident can tell it. Pure.

What the record does not know is never made up: a mark asks a person for it. A hypothesis is called one, with its confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from tocsin.ground.plain import command_line
from tocsin.postmortems.record import Line, Record
from tocsin.postmortems.sections import Section, to_write

# What a reader of the story can do without: judgements and bookkeeping. Alerts are told by the first and the last.
_LEFT_OUT = {"triage", "services", "action", "runbook", "postmortem", "assignment", "role", "impact", "times"}
MOST_LINES = 40
LONGEST_LINE = 240
MOST_COMMANDS = 5
_MOST_GAPS = 5


def draft(record: Record) -> dict[Section, str]:
    """Every section in Markdown."""
    return {section: _WRITERS[section](record).strip() for section in Section}


def _summary(record: Record) -> str:
    ended = f" and was {_ended(record)}" if record.resolved_at else " and is not resolved yet"
    first = (
        f"**{record.title}** ({record.name}, {record.severity}) began in {record.place} on {_day(record.began_at)} at "
    )
    lines = [f"{first}{_clock(record.began_at)}{ended}."]
    if record.services:
        lines.append(f"Affected: {_listed(slug for slug, _ in record.services)}.")
    if record.told.cause:
        lines.append(f"The cause: {record.told.cause}")
    elif record.hypothesis:
        lines.append(f"Most likely cause, not confirmed by anybody: {record.hypothesis.summary}.")
    else:
        lines.append(to_write("what was the cause, in one sentence?"))
    if record.again:
        lines.append(f"It had happened before: {record.again}.")
    return " ".join(lines)


def _ended(record: Record) -> str:
    after = f" after {_long(record.lasted)}" if record.lasted is not None else ""
    return f"resolved{after} ({record.resolution})" if record.resolution else f"resolved{after}"


def _timeline(record: Record) -> str:
    told = list(_condensed(_until_over(record)))
    left = len(told) - MOST_LINES
    if left > 0:  # the beginning and the end of a story say most
        half = MOST_LINES // 2
        told = [*told[:half], None, *told[-half:]]
    lines, day = [f"All times are UTC. First sign: {_day(record.began_at)} {_clock(record.began_at)}.", ""], ""
    for line in told:
        if line is None:
            lines.append(f"- … {left} more")
            continue
        if _day(line.at) != day:
            day = _day(line.at)
            lines += ["", f"**{day}**", ""]
        said = f"Decided: {line.text}" if line.kind == "decision" else line.text
        lines.append(f"- {line.at.astimezone(UTC):%H:%M} {_one_line(said)} ({line.actor})")
    return "\n".join(lines)


def _until_over(record: Record) -> list[Line]:
    """The lines without the stages that follow the resolution: the postmortem itself is no part of the story."""
    end = record.resolved_at
    return [line for line in record.lines if not (line.kind == "status" and end and line.at > end)]


def _condensed(lines: Iterable[Line]) -> Iterable[Line | None]:
    """The lines of the story: without bookkeeping and repeats, of the alerts only the first and the last."""
    kept = [line for line in lines if line.kind not in _LEFT_OUT]
    alerts = [line for line in kept if line.kind == "alert"]
    before: str | None = None
    for line in kept:
        if line.text == before or (line.kind == "alert" and line not in (alerts[0], alerts[-1])):
            continue
        before = line.text
        yield line


def _root_cause(record: Record) -> str:
    if record.told.cause:
        by = f"\n\nConfirmed by {record.told.cause_by}." if record.told.cause_by else ""
        return f"{record.told.cause}{by}"
    best = record.hypothesis
    if best is None:
        return to_write("what was the root cause, and how do we know?")
    sureness = f"{best.confidence:.0%}, {best.confidence_label} confidence"
    lines = [
        f"Nobody has confirmed it. Tocsin’s leading hypothesis ({sureness}): {best.summary}.",
        best.explanation,
        *(f"- {evidence.ref}: {_one_line(str(evidence.value))}" for evidence in best.evidence[:3]),
        to_write("is that the root cause? Confirm it, or say what it was and how we know"),
    ]
    return _paragraphs(lines)


def _trigger(record: Record) -> str:
    if record.told.trigger:
        return record.told.trigger
    failed = [run for run in record.runs if run.role == "failed"]
    if failed:
        return _paragraphs(
            f"{run.title}, {_stamp(run.at)}, by {run.actor or 'nobody known'}: {run.reason}" for run in failed
        )
    seen = record.hypothesis.contributing if record.hypothesis else ()
    asked = "is that what set it off, or what was it" if seen else "what set it off"
    lines = [f"Contributing, as Tocsin saw it: {factor}" for factor in seen]
    return _paragraphs([*lines, to_write(f"{asked}: a change, load, time, somebody else’s failure?")])


def _impact(record: Record) -> str:
    lines = [f"- {name}: {text}" for name, text in record.told.impact]
    lines += [f"- {slug}: {role}" for slug, role in record.services]
    if record.lasted is not None:
        lines.append(f"- Lasted {_long(record.lasted)}, from {_stamp(record.began_at)}.")
    if not record.told.impact:
        lines.append("\n" + to_write("who felt it and how: users, requests, money; was data lost?"))
    return "\n".join(lines)


def _detection(record: Record) -> str:
    delay = record.triggered_at - record.began_at
    after = f", {_long(delay)} after the first sign" if delay >= timedelta(minutes=1) else ""
    if record.told.detected:
        return f"{record.told.detected}, {_stamp(record.triggered_at)}{after}."
    if record.alert:
        return f"An alert told of it: {record.alert}, {_stamp(record.triggered_at)}{after}."
    opener = next((line.actor for line in record.lines if line.kind == "opened"), "")
    told = f"{opener} declared it by hand, {_stamp(record.triggered_at)}{after}; no alert had told of it.\n\n"
    return told + to_write("who noticed it, and how?")


def _response(record: Record) -> str:
    stages = [
        ("First sign", record.began_at),
        ("Known", record.triggered_at),
        ("Cause proposed", record.diagnosed_at),
        ("Acknowledged", record.acknowledged_at),
        ("Mitigation begun", record.mitigating_at),
        ("Resolved", record.resolved_at),
    ]
    reached = sorted(((at, name) for name, at in stages if at is not None), key=lambda stage: stage[0])
    rows = [
        f"| {name} | {_stamp(at)} | {_long(at - record.began_at) if at > record.began_at else '–'} |"
        for at, name in reached
    ]
    who = f"Worked on it: {_listed(record.people)}." if record.people else "Nobody worked on it."
    return "\n".join(["| What | When | After the first sign |", "| --- | --- | --- |", *rows, "", who])


def _resolution(record: Record) -> str:
    lines = [f"{record.closed_by}: {record.closing}" if record.closing else ""]
    since = [run for run in record.runs if run.role != "failed"]
    lines += [f"{run.title} succeeded, {_stamp(run.at)}, by {run.actor or 'nobody known'}." for run in since]
    commands = record.hypothesis.commands if record.hypothesis else ()
    if commands:
        proposed = "\n".join(
            f"- {command.purpose}: `{command_line(command.argv)}`" for command in commands[:MOST_COMMANDS]
        )
        lines.append(f"What Tocsin proposed (it ran nothing):\n\n{proposed}")
    if not record.closing or commands:
        lines.append(to_write("what was done, and which command ended it?"))
    return _paragraphs(lines)


def _why_not_caught(record: Record) -> str:
    known = [f"It had happened before: {record.again}."] if record.again else []
    return _paragraphs(
        [*known, to_write("which test, review, alert or limit should have caught it, and why did it not?")]
    )


def _why_so_long(record: Record) -> str:
    marks = [record.began_at, record.triggered_at, record.acknowledged_at, record.mitigating_at, record.resolved_at]
    names = ["until it was known", "until it was acknowledged", "until mitigation began", "until it was resolved"]
    stretches, last = [], record.began_at
    for name, at in zip(names, marks[1:], strict=True):
        if at is not None and at > last:
            stretches.append((at - last, name))
            last = at
    longest = max(stretches, default=None)
    fact = f"The longest stretch, {_long(longest[0])}, was {longest[1]}." if longest else ""
    return _paragraphs([fact, to_write("what took the time?")])


def _went_well(record: Record) -> str:
    facts = []
    if record.acknowledged_at:
        facts.append(f"- Somebody had it {_long(record.acknowledged_at - record.triggered_at)} after it was known.")
    if record.diagnosed_at and record.hypothesis:
        after = _long(max(record.diagnosed_at - record.triggered_at, timedelta()))
        facts.append(f"- A cause was proposed {after} after it was known.")
    return _paragraphs(["\n".join(facts), to_write("what helped, and should be kept?")])


def _went_wrong(record: Record) -> str:
    late = [f"- {_stamp(line.at)}: {_one_line(line.text)}" for line in record.lines if line.kind == "clock"]
    blind = [f"- Could not be read: {_one_line(gap)}" for gap in record.gaps[:_MOST_GAPS]]
    return _paragraphs(["\n".join(late + blind), to_write("what hindered, and where were we lucky?")])


def _actions(record: Record) -> str:
    if not record.actions:
        return to_write("what keeps it from coming again? Open actions below, or say why none is needed")
    return "\n".join(
        f"- {each.name} {each.title} ({each.owner or 'nobody'}, {each.due or 'no deadline'}, {each.state})"
        for each in record.actions
    )


def _lessons(record: Record) -> str:
    return to_write("what do we know now that we did not know before?")


def _ai_connection(record: Record) -> str:
    return record.told.ai or to_write("did AI-written code or the pace of AI-assisted deploys play a part, or neither?")


_WRITERS: dict[Section, Callable[[Record], str]] = {
    Section.SUMMARY: _summary,
    Section.TIMELINE: _timeline,
    Section.ROOT_CAUSE: _root_cause,
    Section.TRIGGER: _trigger,
    Section.IMPACT: _impact,
    Section.DETECTION: _detection,
    Section.RESPONSE: _response,
    Section.RESOLUTION: _resolution,
    Section.WHY_NOT_CAUGHT: _why_not_caught,
    Section.WHY_SO_LONG: _why_so_long,
    Section.WENT_WELL: _went_well,
    Section.WENT_WRONG: _went_wrong,
    Section.ACTIONS: _actions,
    Section.LESSONS: _lessons,
    Section.AI_CONNECTION: _ai_connection,
}


def _paragraphs(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _day(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y}"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M} UTC"


def _stamp(at: datetime) -> str:
    return f"{_day(at)} {_clock(at)}"


def _long(length: timedelta) -> str:
    """How long, in its two largest units."""
    minutes = max(0, int(length.total_seconds())) // 60
    if minutes < 1:
        return "less than a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h {minutes % 60:02d} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"
