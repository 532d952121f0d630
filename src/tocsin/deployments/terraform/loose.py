"""What can still be said where no diagnostic stands in its usual form: fragments, crashes, wrappers that print their own."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

import msgspec

from tocsin.deployments.terraform.blocks import HEADING, LIST_HEADING, Block, Place, diagnostic, read_block
from tocsin.deployments.terraform.parsed import Diagnostic
from tocsin.deployments.terraform.progress import ADDRESS

Numbered = tuple[int, str]

_ITEM = re.compile(rf"\* (?:{ADDRESS}|provider\.[\w.-]+): ")
_ADDRESSED = re.compile(rf"(?P<address>{ADDRESS}): (?P<text>.*)", re.DOTALL)
_COMPLAINT = re.compile(
    r"(?i)\b(?:errors?|fail(?:ed|ure|s)?|no suitable|denied|exceeded|unauthori[sz]ed|forbidden|could not|couldn't|cannot|can't"
    r"|unable|panic|invalid|not found|does not exist|already exists|still in use|time(?:d )?out|crashed"
    r"|refused|conflict|unreachable)\b"
    r"|[a-z](?:Exception|Exceeded|Error|Denied|NotFound|Exists|Failure)\b"
)
# Code of a plan's diff, and comments in it.
_DIFF = re.compile(r"\s*(?:[+~#-]|-/\+|\+/-|<=) |\s+\S+ += ")
_CRASH = re.compile(r"!{3,} ?(?:TERRAFORM|OPENTOFU) CRASH ?!{3,}")
_MOST_LINES = 60


def loose_diagnostics(lines: Sequence[Numbered]) -> list[Diagnostic]:
    """The diagnostics in lines, numbered from 1, that belong to no block: by an indented heading or else by their words."""
    numbers = [number for number, _ in lines]
    texts = textwrap.dedent("\n".join(line.replace("\t", "    ") for _, line in lines)).split("\n") if lines else []
    for at, text in enumerate(texts):
        if HEADING.match(text) or LIST_HEADING.match(text) or _ITEM.match(text):
            return read_block(Block(texts[at : at + _MOST_LINES], numbers[at], boxed=False))
    for at, text in enumerate(texts):
        if _COMPLAINT.search(text) and not _DIFF.match(text):
            return [_complaint(texts[at : at + _MOST_LINES], numbers[at])]
    return []


def crash(lines: Sequence[Numbered]) -> list[Diagnostic]:
    """The panic of Terraform itself or of a provider, with its stack, if there is one."""
    for at, (number, line) in enumerate(lines):
        if line.startswith("panic: "):
            stack = [text for _, text in lines[at + 1 : at + _MOST_LINES]]
            plugin = next((text for _, text in lines[:at] if text.startswith("Stack trace from the ")), "")
            return [_plain(line, "\n".join([plugin, *stack]).strip("\n"), number, number + len(stack))]
    banner = next(((number, line) for number, line in lines if _CRASH.match(line)), None)
    return [_plain(banner[1].strip("! "), "", banner[0], banner[0])] if banner else []


def _complaint(texts: Sequence[str], first: int) -> Diagnostic:
    """A diagnostic whose summary are the first words; `aws_x.y: ` before them is its address."""
    lines = [re.sub(r'^"?(?:Error: )?', "", texts[0]).removesuffix('"') or texts[0], *texts[1:]]
    while not lines[-1].strip():
        lines.pop()
    (found,) = read_block(Block(lines, first, boxed=True))
    addressed = _ADDRESSED.match(found.summary.removeprefix("* "))
    if addressed is None:
        return found
    return msgspec.structs.replace(found, address=found.address or addressed["address"], summary=addressed["text"])


def _plain(summary: str, detail: str, first: int, last: int) -> Diagnostic:
    return diagnostic(
        severity="error", summary=summary, detail=detail, place=Place(), snippet=[], first_line=first, last_line=last
    )
