"""Reads what Terraform prints for people about an error or a warning: a block of lines, its box already taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tocsin.deployments.terraform.parsed import Diagnostic, LockInfo
from tocsin.deployments.terraform.progress import ADDRESS
from tocsin.deployments.terraform.prose import PLAIN_WIDTH, one_line, unwrap

HEADING = re.compile(r"\s{0,2}(?P<severity>Error|Warning): (?P<summary>.*)")
_WITH = re.compile(
    rf"\s*with (?P<address>{ADDRESS}|module\.[\w.\[\]\"-]+|provider\[.+\](?:\.\w+)?)(?: \(deposed object \w+\))?,$"
)
_ON = re.compile(r"\s*on\s+(?P<file>\S.*?) line (?P<line>\d+)(?:, in (?P<context>.+?))?:$")
_CODE = re.compile(r"\s*\d+: ?(?P<code>.*)")
_NO_CODE = re.compile(r"\s+\(source code not available\)")
_VALUE = re.compile(r"\s+[│|] (?P<value>.*)")
_RULE = re.compile(r"\s+(?:├─|\|--)[─-]*")


class Block(NamedTuple):
    """Consecutive lines of a log, the first of which is its line `first`."""

    lines: Sequence[str]
    first: int
    boxed: bool


def read_block(block: Block) -> list[Diagnostic]:
    """The diagnostics in a block: one in a box; without boxes as many as follow each other; those of a star list apart."""
    found: list[Diagnostic] = []
    for part in [block] if block.boxed else _split(block):
        starred = [] if part.boxed else list(_starred(part))
        found += starred or [_read_one(part)]
    return found


def _split(block: Block) -> Iterator[Block]:
    """A block without boxes at its headings."""
    starts = [0]
    for number, line in enumerate(block.lines[1:], 1):
        apart = number == starts[-1] + 1 or not block.lines[number - 1].strip()
        if apart and HEADING.match(line) and not _is_quoted(block.lines, starts[-1], number):
            starts.append(number)
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        yield Block(block.lines[start:end], block.first + start, boxed=False)


def _is_quoted(lines: Sequence[str], start: int, number: int) -> bool:
    """Whether what looks like a heading belongs to the detail above: a provisioner printed it, or it is a wrapped line.

    Terraform wraps details but not summaries. Where a place in the configuration follows, it is a heading.
    """
    if any(_WITH.match(near) or _ON.match(near) for near in lines[number : number + 6]):
        return False
    following = lines[number + 1].split() if number + 1 < len(lines) else []
    wrapped = bool(following) and len(lines[number]) <= PLAIN_WIDTH < len(lines[number]) + 1 + len(following[0])
    return wrapped or "provisioner error" in lines[start] or "Error running command '" in lines[start]


# --- one diagnostic ----------------------------------------------------------------------------------------------


def _read_one(block: Block) -> Diagnostic:
    heading = HEADING.match(block.lines[0])
    lines = [heading["summary"] if heading else block.lines[0], *block.lines[1:]]
    place, snippet, text = _take_place(lines)
    size = next((number for number, line in enumerate(text) if not line.strip()), len(text))
    return diagnostic(
        severity="warning" if heading and heading["severity"] == "Warning" else "error",
        summary=one_line(text[:size]),
        detail=unwrap(text[size:]),
        place=place,
        snippet=snippet,
        first_line=block.first,
        last_line=block.first + len(_without_trailing_blanks(block.lines)) - 1,
    )


class Place(NamedTuple):
    """Where in the configuration, and of which resource."""

    address: str = ""
    file: str = ""
    line: int = 0
    context: str = ""


def _take_place(lines: Sequence[str]) -> tuple[Place, list[str], list[str]]:
    """What `with …` and `on … line …` say, the code under them, and the lines that are left."""
    place, snippet, text = Place(), [], []
    in_code = False
    for line in lines:
        if in_code and (code := _code(line, place.context)) is not None:
            snippet += [code] if code else []
        elif (found := _ON.match(line)) and not place.file:
            place = place._replace(file=found["file"], line=int(found["line"]), context=found["context"] or "")
            in_code = True
            text.append("")
        elif (found := _WITH.match(line)) and not place.address:
            place = place._replace(address=found["address"])
            text.append("")
        else:
            in_code = False
            text.append(line)
    return place, snippet, text


def _code(line: str, context: str) -> str | None:
    """A line of code, or what is said about a value in it; empty for a line that only rules; None for other lines."""
    if context and line.lstrip().startswith(context):
        return line.strip()  # its number was lost
    if found := _VALUE.match(line):
        return found["value"].rstrip()
    if found := _CODE.match(line):
        return found["code"].rstrip()
    return "" if _RULE.match(line) or _NO_CODE.match(line) else None


def _without_trailing_blanks(lines: Sequence[str]) -> Sequence[str]:
    end = len(lines)
    while end > 1 and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


# --- what every form of a diagnostic tells ------------------------------------------------------------------------

_ASSIGNED = re.compile(r"\s*(?P<name>[\w-]+)\s*=(?!=)")
_NAMED = re.compile(r"(?:argument|attribute|value for)(?: named)? \"(?P<name>[\w.-]+)\"")
_CASCADES = re.compile(
    r"Cannot apply incomplete plan|Failed to write plan file|execution halted|Request cancell?ed"
    r"|(?:Terraform|OpenTofu) encountered problems during initiali[sz]ation|Failed to persist state to backend"
)


def diagnostic(
    *, severity: str, summary: str, detail: str, place: Place, snippet: Sequence[str], first_line: int, last_line: int
) -> Diagnostic:
    """A diagnostic with what follows from its words: the attribute, whether a provisioner failed, whether it is a cascade."""
    named = _ASSIGNED.match(snippet[0]) if snippet else None
    named = named or _NAMED.search(detail)
    return Diagnostic(
        severity="warning" if severity == "warning" else "error",
        summary=summary,
        detail=detail,
        address=place.address,
        file=place.file,
        line=place.line,
        context=place.context,
        snippet="\n".join(snippet),
        attribute=named["name"] if named else "",
        first_line=first_line,
        last_line=last_line,
        cascade=_CASCADES.match(summary) is not None,
        provisioner=summary.endswith(" provisioner error") or summary.startswith("Error running command '"),
    )


_LOCK_FIELD = re.compile(r"\s*(ID|Path|Operation|Who|Version|Created): +(\S.*?)\s*$", re.MULTILINE)


def lock_info(detail: str) -> LockInfo | None:
    """The `Lock Info` in a diagnostic's detail, if it names a lock."""
    _, found, block = detail.partition("Lock Info:")
    fields = {name.lower(): value for name, value in _LOCK_FIELD.findall(block)}
    return LockInfo(**fields) if found and fields else None


# --- star lists of Terraform up to 0.11 ---------------------------------------------------------------------------

LIST_HEADING = re.compile(
    r"(?:Error: )?Error (?:applying plan|running plan|creating plan|refreshing state|reading state):"
)
_ITEM = re.compile(r"\* (?P<text>.*)")
_SEVERAL = re.compile(r"\d+ error(?:\(s\)|s) occurred:$|\d+ problems?:$")
_OF = re.compile(rf"(?P<address>{ADDRESS}|module\.[\w.-]+|provider\.[\w.-]+): +(?P<rest>.*)", re.DOTALL)
_OLD_INDEX = re.compile(r"\.(\d+)$")
_END_OF_LIST = ("Terraform does not automatically rollback", "Releasing state lock")


def _starred(block: Block) -> Iterator[Diagnostic]:
    """The items of a list `* aws_x.y: what went wrong`, each with the fullest address that its nest of lists gives."""
    if not (LIST_HEADING.match(block.lines[0]) or (_ITEM.match(block.lines[0]) and _OF.match(block.lines[0][2:]))):
        return
    starts = [number for number, line in enumerate(block.lines) if _ITEM.match(line)]
    around = ""
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=bool(starts)):
        lines = _item_lines(block.lines[start:end])
        address, text = _peel(lines[0])
        if _SEVERAL.match(text):
            around = address or around
            continue
        address = around if not address or around.endswith(address) else address
        place, snippet, rest = _take_place([text, *lines[1:]])
        place = place._replace(address=place.address or (address if "." in address else ""))
        last = block.first + start + len(lines) - 1
        yield diagnostic(
            severity="error", summary=one_line(rest), detail="", place=place, snippet=snippet,
            first_line=block.first + start, last_line=last,
        )  # fmt: skip


def _item_lines(lines: Sequence[str]) -> Sequence[str]:
    """An item without what follows the whole list."""
    end = next((number for number, line in enumerate(lines) if line.startswith(_END_OF_LIST)), len(lines))
    return _without_trailing_blanks([lines[0][2:], *lines[1:end]])


def _peel(text: str) -> tuple[str, str]:
    """`module.a.aws_x.y: aws_x.y: text` as its longest address and the text."""
    longest = ""
    while found := _OF.match(text):
        address = _OLD_INDEX.sub(r"[\1]", found["address"])
        longest = max(longest, address, key=len)
        text = found["rest"]
    return longest, text
