"""One run of an infrastructure tool as causes read it: what failed, at which resource, doing what, in which lines."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from tocsin.deployments.terraform.log import parse_log
from tocsin.deployments.terraform.parsed import Diagnostic, Run
from tocsin.deployments.terraform.progress import SUPPRESSED
from tocsin.investigation.diagnosis.reading.terraform.deployed import Deployed
from tocsin.investigation.diagnosis.reference import Subject

Doing = Literal["create", "update", "delete", "replace", "read", "refresh", "import", ""]

_ADDRESS = re.compile(
    r"(?:^|\.)(?P<data>data\.)?(?P<type>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)\.(?P<name>[\w-]+)(?:\[[^\]]*\])?$"
)
# How providers begin to say what they were at. Of two in one text the first counts.
_AT: Mapping[Doing, re.Pattern[str]] = {
    "create": re.compile(r"\b(?:creat(?:e|ing)|launching|putting|setting|CreateOrUpdate)\b", re.I),
    "read": re.compile(
        r"\b(?:read(?:ing)?|refresh(?:ing)?|describ(?:e|ing)|query(?:ing)?|retriev(?:e|ing)|gett?ing|fetching"
        r"|failed to get|unable to get|unable to find)\b",
        re.I,
    ),
    "update": re.compile(r"\b(?:updat(?:e|ing)|modif(?:y|ying)|patch(?:ing)?)\b", re.I),
    "delete": re.compile(r"\b(?:delet(?:e|ing)|destroy(?:ing)?|removing)\b", re.I),
}
# What shells, `timeout` and subprocesses say of a program that a signal ended.
_SIGNALS = {
    124: "timeout",
    130: "interrupt",
    137: "killed",
    143: "killed",
    -2: "interrupt",
    -9: "killed",
    -15: "killed",
}
_LOOKS = ("read", "refresh")
_REFRESH = re.compile(r"Error refreshing state:|Planning failed\.")
_BLOCK = re.compile(r'(?P<mode>resource|data) "(?P<type>[^"]+)" "(?P<name>[^"]+)"')
# A program that the configuration runs. What it was called with and what it printed are its own words; how it ended is
# the tool's.
_PROGRAM = re.compile(
    r"Error running command '(?P<command>.*?)': (?P<ended>(?:exit status|signal|exec|fork/exec)\b.*?)(?=\. Output: |$)"
    r"|External Program Execution Failed.*?Error Message: (?P<message>.*?)(?= State: |$)"
    r"|(?P<copied>(?:scp|Upload failed): .*)"
)
_OUTPUT = ". Output: "
_REFRESHED = ": Refreshing state... [id="
# A shorter id may stand in an error by chance.
_TELLING = 8
# A long log is read in pieces, so that there is no second copy of it.
_PIECE = 1024 * 1024
# Of a longer error beginning and end are read: patterns take their time with long texts.
_LONGEST = 8000


@dataclass(frozen=True, slots=True)
class Failure:
    """One error. `text` is all that it says, in one line; in the stretches `printed` a program of the configuration speaks.

    `first` and `last` are lines of the log, from 1. `place` is the file and line of the configuration, `context` the
    block there, `snippet` its code with what is said about the values in it. `provisioner`: one of `address` failed.
    """

    subject: Subject
    address: str
    summary: str
    text: str
    doing: Doing
    first: int
    last: int
    printed: tuple[tuple[int, int], ...] = ()
    place: str = ""
    context: str = ""
    snippet: str = ""
    provisioner: bool = False

    @property
    def type(self) -> str:
        """The resource type ("aws_s3_bucket"); empty where the error is about no resource."""
        found = _ADDRESS.search(self.address)
        return found["type"] if found else ""

    @property
    def name(self) -> str:
        """The last part of the address, without an index."""
        found = _ADDRESS.search(self.address)
        return found["name"] if found else ""

    @property
    def fetched(self) -> bool:
        """Whether it stands in a module that was fetched from elsewhere."""
        return ".terraform/modules/" in self.place.replace("\\", "/")

    def read(self, pattern: str) -> str:
        """Return the first group of a pattern where the text has it; empty where it has not."""
        found = re.search(pattern, self.text)
        return (found[1] or "") if found else ""

    def told(self, longest: int) -> str:
        """What it says, as a heading: the summary, and whole sentences of the explanation as far as there is room."""
        more = self.text.removeprefix(self.summary).strip()
        whole = f"{self.summary.rstrip('.:')}: {more}" if more else self.summary
        if len(whole) <= longest:
            return whole
        sentences = whole[:longest].rfind(". ") + 1
        return whole[:sentences] if sentences > len(self.summary) else f"{whole[:longest].rpartition(' ')[0]} …"

    def is_printed(self, at: int) -> bool:
        """Tell whether a program of the configuration said what stands at this place of the text."""
        return any(start <= at < end for start, end in self.printed)

    @property
    def managed(self) -> bool:
        """Whether it is about something that the run is to create or keep, and no data source."""
        found = _ADDRESS.search(self.address)
        return bool(found and not found["data"])


class Deployment:
    """A run with its failures. Everything is worked out of the stored section, each thing when it is first wanted."""

    def __init__(self, section: Deployed) -> None:
        self.section = section

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines of the log; references count them from 1."""
        return self.section.log.split("\n")

    @cached_property
    def run(self) -> Run:
        """What the log tells."""
        log = self.section.log
        return parse_log(log[at : at + _PIECE].encode("utf-8", "surrogatepass") for at in range(0, len(log), _PIECE))

    @cached_property
    def tool(self) -> str:
        """The program to type: "terraform" or "tofu"."""
        told = self.run.tool or ("tofu" if "tofu" in self.section.tool else "")
        return told or (
            "tofu" if re.search(r"\btofu (?:init|plan|apply)\b|\bOpenTofu\b", self.section.log) else "terraform"
        )

    @property
    def command(self) -> str:
        """What was run: "apply"; empty where nothing tells."""
        return self.run.command or self.section.command

    @property
    def subject(self) -> Subject:
        """The run itself, for what is about no resource."""
        return Subject("Run", "", f"{self.tool} {self.command}".strip())

    @property
    def stopped(self) -> str:
        """How it was stopped from outside: "interrupt", "killed", "timeout"; empty where it was not."""
        return self.section.interrupted or self.run.interrupted or _SIGNALS.get(self.section.exit_code or 0, "")

    @property
    def cut_off(self) -> str:
        """The address of what was still being made or changed when the log ended; empty where it came to an end."""
        begun = [one.address for one in self.run.events if one.state == "started" and one.action not in _LOOKS]
        return begun[-1] if begun and not self.run.finished and not self.run.errors else ""

    @property
    def succeeded(self) -> bool:
        """Whether it came to a good end; an exit code counts more than what the log looks like."""
        code = self.section.exit_code
        if self.run.errors or self.stopped:
            return False
        # `plan -detailed-exitcode` ends with 2 where there is something to change.
        return self.run.finished and (code in (None, 0) or (code == 2 and self.command == "plan"))

    @cached_property
    def failures(self) -> tuple[Failure, ...]:
        """The errors that do not merely follow from others, in the order of the log."""
        roots = [found for found in self.run.errors if not found.cascade] or list(self.run.errors)
        return tuple(map(self._failure, roots))

    @cached_property
    def drifted(self) -> Sequence[str]:
        """The addresses that were changed outside, where the run was to look for that, or nothing else was wrong with it.

        What an apply that came to a good end put back is no trouble any more.
        """
        if self.failures or self.command not in ("plan", "refresh"):
            return ()
        entries = (self.section.plan or {}).get("resource_drift") or []
        planned = [
            entry["address"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("address"), str)
        ]
        return list(dict.fromkeys((*self.run.drift, *planned)))

    def said_by_provisioner(self, address: str) -> str:
        """Return the last line that a provisioner of a resource printed; empty where none is told, or it is suppressed."""
        marks = tuple(f"{address} ({kind}-exec): " for kind in ("remote", "local"))
        told = (line.rpartition("-exec): ")[2] for line in reversed(self.lines) if any(mark in line for mark in marks))
        return next((line.strip() for line in told if line.strip() and SUPPRESSED not in line), "") if address else ""

    def line(self, failure: Failure, told: str) -> int:
        """Return the line in which a piece of a failure's text stands, or begins where it was wrapped."""
        words = told.split()
        for size in range(min(len(words), 8), 0, -1):
            piece = " ".join(words[:size])
            for number in range(failure.first, min(failure.last, len(self.lines)) + 1):
                if piece in self.lines[number - 1]:
                    return number
        return max(failure.first, 1)

    def planned(self, address: str) -> Mapping[str, Any]:
        """Return the values that the plan wants for a resource; empty without a plan, or where it has none."""
        changes = (self.section.plan or {}).get("resource_changes") or []
        for change in changes:
            if isinstance(change, dict) and change.get("address") == address:
                after = (change.get("change") or {}).get("after")
                return after if isinstance(after, dict) else {}
        return {}

    @cached_property
    def _refreshed(self) -> Mapping[str, str]:
        """The addresses that were read back from their services, by the ids that the log tells."""
        told = (line.partition(_REFRESHED) for line in self.lines if _REFRESHED in line)
        found = {rest.partition("]")[0]: before.rpartition(" ")[2] for before, _, rest in told}
        return {identity: address for identity, address in found.items() if len(identity) >= _TELLING}

    def _failure(self, told: Diagnostic) -> Failure:
        text = _bounded(flat(f"{told.summary}\n{told.detail}"))
        address = told.address or _declared(told)
        address = address or next((at for identity, at in self._refreshed.items() if identity in text), "")
        address = address or ("" if told.file else self._only_begun)
        place = f"{told.file} line {told.line}" if told.file and told.line else told.file
        return Failure(
            subject=self._subject(address, place),
            address=address,
            summary=flat(told.summary),
            text=text,
            doing=self._doing(address, text),
            first=told.first_line or 1,
            last=max(told.last_line, told.first_line, 1),
            printed=_printed(text),
            place=place,
            context=told.context,
            snippet=told.snippet,
            provisioner=told.provisioner,
        )

    @cached_property
    def _only_begun(self) -> str:
        """The address of the one thing that was at work when the one error came; empty where there were several."""
        begun = {one.address for one in self.run.events if one.state == "started" and one.action not in _LOOKS}
        alone = len(begun) == 1 and len(self.run.errors) == 1 and not self.run.state_not_saved
        return begun.pop() if alone else ""

    def _subject(self, address: str, place: str) -> Subject:
        if address:
            return Subject("Resource", "", address)
        return Subject("Configuration", "", place) if place else self.subject

    def _doing(self, address: str, text: str) -> Doing:
        """Tell what was being done: as the log's events say, else as the error does, else as the command does."""
        events = [one for one in self.run.events if address.endswith(one.address)] if address else []
        if events and (events[-1].state != "complete" or events[-1].action == "refresh"):
            return events[-1].action
        if re.search(r"(?:^|\.)data\.", address):
            return "read"
        found = [(match.start(), at) for at, pattern in _AT.items() if (match := pattern.search(text))]
        if found:
            return min(found)[1]
        return "refresh" if self.command in ("plan", "refresh") or _REFRESH.search(self.section.log) else ""


def _declared(told: Diagnostic) -> str:
    """Return the address of the block that an error stands in, where it is one of the root module."""
    found = _BLOCK.match(told.context)
    if not found or "/" in told.file or "\\" in told.file:
        return ""
    return f"{'data.' if found['mode'] == 'data' else ''}{found['type']}.{found['name']}"


def _printed(text: str) -> tuple[tuple[int, int], ...]:
    found = _PROGRAM.search(text)
    if found is None:
        return ()
    spoken = tuple(found.span(name) for name in ("command", "message", "copied") if found[name] is not None)
    output = text.find(_OUTPUT, found.end("ended")) if found["ended"] else -1
    return (*spoken, (output, len(text))) if output >= 0 else spoken


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


def flat(text: str) -> str:
    """Return text in one line, single spaces, with the quotes that web pages wrote otherwise put back."""
    return " ".join(html.unescape(text).replace("“", '"').replace("”", '"').split())
