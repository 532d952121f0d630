"""What a human log says of its own progress: actions on resources, summaries, phases, and how it ended."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from tocsin.deployments.terraform.parsed import Action, Counts, Interruption, State

ADDRESS = (
    r"(?:module\.[\w-]+(?:\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\])?\.)*(?:(?:data|ephemeral|action)\.)?"
    r"[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*(?:\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]|\.\d+)?"
)
_ADDRESS = re.compile(ADDRESS)
PROVISIONED = re.compile(rf"(?P<address>{ADDRESS}) \([\w-]+\):(?: |$)")

# What stands instead of what a provisioner prints where its configuration holds a sensitive value.
# "… sensitive", "… ephemeral" or "… sensitive, ephemeral value in config)"
SUPPRESSED = "(output suppressed due to "

_STARTS: dict[str, Action] = {
    "Creating": "create",
    "Modifying": "update",
    "Destroying": "delete",
    "Reading": "read",
    "Refreshing": "refresh",
    "Importing": "import",
}
_ENDS: dict[str, Action] = {
    "Creation": "create",
    "Modifications": "update",
    "Destruction": "delete",
    "Read": "read",
    "Import": "import",
}
_FIRST_LETTERS = frozenset("CMDRIS")
_STILL: dict[str, Action] = {"creating": "create", "modifying": "update", "destroying": "delete", "reading": "read"}
_AFTER = re.compile(r"(?:after |\[)((?:\d+h)?(?:\d+m)?(?:\d+(?:\.\d+)?s)?)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([hms])")


class Progress(NamedTuple):
    """One line of progress."""

    address: str
    action: Action
    state: State
    seconds: float | None


def progress(line: str) -> Progress | None:
    """`aws_x.y: Creating...` and its like; None for any other line."""
    address, colon, rest = line.partition(": ")
    if colon and '["' in address and address.count('"') % 2:
        return _behind_quoted(line)
    if rest[:1] not in _FIRST_LETTERS:
        return None
    told = _still(rest) if rest[0] == "S" else _told(rest)
    if told is None:
        return None
    if address.endswith(")"):
        address = address.partition(" (deposed")[0]
    return Progress(address, *told) if _is_address(address) else None


def _told(rest: str) -> tuple[Action, State, float | None] | None:
    """What stands behind the address: the action, what became of it and how long it took."""
    word, _, more = rest.partition(" ")
    state: State = "started"
    action = _STARTS.get(word.rstrip("."))
    if action is None and (action := _ENDS.get(word)) is not None:
        state = "complete" if more.startswith("complete") else "failed"
    elif word == "Still":
        action = _STILL.get(more.partition("...")[0])
    if action is None or ("..." not in rest and state == "started") or (state == "failed" and "errored" not in more):
        return None
    return action, state, _seconds(rest)


# Most lines of a long run are these, in few wordings: `Still creating... [10s elapsed]`.
_still = lru_cache(maxsize=1024)(_told)


@lru_cache(maxsize=4096)
def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def _behind_quoted(line: str) -> Progress | None:
    """A resource whose key has a colon in it: a stand-in without one is read, and the address put back."""
    found = _ADDRESS.match(line)
    if found is None or not line.startswith(": ", found.end()):
        return None
    read = progress("a.b" + line[found.end() :])
    return read._replace(address=found[0]) if read else None


def _seconds(rest: str) -> float | None:
    found = _AFTER.search(rest)
    return _duration(found[1]) if found and found[1] else None


@lru_cache(maxsize=4096)
def _duration(text: str) -> float:
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(text))


# --- summaries and phases ----------------------------------------------------------------------------------------

_PLAN = re.compile(
    r"Plan: (?:(?P<imported>\d+) to import, )?(?P<add>\d+) to add, (?P<change>\d+) to change, (?P<destroy>\d+) to destroy"
)
_APPLIED = re.compile(
    r"(?:Apply|Destroy) complete! Resources: (?:(?P<imported>\d+) imported, )?(?:(?P<add>\d+) added, )?"
    r"(?:(?P<change>\d+) changed, )?(?P<destroy>\d+) destroyed"
)
_DRIFTED = re.compile(rf"\s+# (?P<address>{ADDRESS})(?: \(deposed object \w+\))? has (?:been )?(?:changed|deleted)")


def counts(line: str) -> Counts | None:
    """The numbers of `Plan: 1 to add…` or `Apply complete! Resources: 1 added…`."""
    if line.startswith("No changes."):
        return Counts()
    found = _PLAN.match(line) or _APPLIED.match(line)
    return Counts(**{name: int(number or 0) for name, number in found.groupdict().items()}) if found else None


def drifted(line: str) -> str:
    """The address in `# aws_x.y has been deleted`, inside the note on changes made outside; else empty."""
    found = _DRIFTED.match(line)
    return found["address"] if found else ""


Phase = Literal[
    "init", "initialized", "plan", "planned", "apply", "applied", "destroyed", "valid", "drift", "import", "imported"
]
# The beginnings of lines that Terraform and OpenTofu print around their work. They also end a diagnostic without a box.
_PHASES: tuple[tuple[str, Phase | None], ...] = (
    ("Initializing ", "init"),
    ("Upgrading modules", "init"),
    ("Terraform has been successfully initialized", "initialized"),
    ("OpenTofu has been successfully initialized", "initialized"),
    ("Terraform used the selected providers", "plan"),
    ("OpenTofu used the selected providers", "plan"),
    ("Terraform will perform the following", "plan"),
    ("OpenTofu will perform the following", "plan"),
    ("Terraform planned the following actions", "plan"),
    ("OpenTofu planned the following actions", "plan"),
    ("Planning failed.", "plan"),
    ("Plan: ", "planned"),
    ("No changes.", "planned"),
    ("Changes to Outputs:", "planned"),
    ("Apply complete!", "applied"),
    ("Destroy complete!", "destroyed"),
    ("Success! The configuration is valid", "valid"),
    ("Import successful!", "imported"),
    ("Note: Objects have changed outside of", "drift"),
    ("Unless you have made equivalent changes", "plan"),
    ("This is a refresh-only plan", "planned"),
    *((start, None) for start in ("Outputs:", "Acquiring state lock", "Releasing state lock", "Interrupt received")),
    *((start, None) for start in ("Two interrupts received", "Stopping operation", "Gracefully shutting down")),
    *((start, None) for start in ("Saved the plan to:", "─────", "Stack trace from the ", "panic: ", "!!!!!!!!!!")),
    *((start, None) for start in ("Operation failed: ", "make: ***")),
    *((start, None) for start in ("Preparing the remote ", "To view this run", "Waiting for the plan", "time=")),
)
_PHASES_BY_LETTER = {
    letter: tuple((start, opened) for start, opened in _PHASES if start[0] == letter)
    for letter in {start[0] for start, _ in _PHASES}
}


def phase(line: str) -> tuple[bool, Phase | None]:
    """Whether the line is one that Terraform prints between its diagnostics, and the phase that it opens or closes."""
    for start, opened in _PHASES_BY_LETTER.get(line[:1], ()):
        if line.startswith(start):
            return True, opened
    return False, None


_INTERRUPTED: tuple[tuple[re.Pattern[str], Interruption], ...] = (
    (
        re.compile(
            r"(?i)(?:job|action|step|stage|build|operation|command|execution)\b.{0,80}"
            r"(?:timed out(?: after|\W*$)|execution time|took longer than|exceeded the (?:maximum|time)|reached .{0,20}timeout)"
            r"|timeout: sending signal|(?:exit(?:ed with)? (?:code|status) |exit code: ?)124\b"
        ),
        "timeout",
    ),
    (
        re.compile(r"(?:Two i|I)nterrupts? received|The operation was cancell?ed|The runner has received a shutdown"),
        "interrupt",
    ),
    (
        re.compile(r"(?i)(?:exit(?:ed with)? (?:code|status) |exit code: ?)137\b|(?:^|: line \d+: +\d+ )Killed\b"),
        "killed",
    ),
)
_INTERRUPTED_HINTS = (
    "nterrupt",
    "illed",
    "imeout",
    "imed out",
    "longer",
    "xecution",
    "exceeded",
    "runner",
    "ancel",
    "137",
    "124",
)


def interruption(line: str) -> Interruption:
    """Why the run did not come to its own end, where the tool, the shell or the CI system says so."""
    if len(line) < 300 and any([hint in line for hint in _INTERRUPTED_HINTS]):  # noqa: C419  # a hot line
        for pattern, why in _INTERRUPTED:
            if pattern.search(line):
                return why
    return ""
