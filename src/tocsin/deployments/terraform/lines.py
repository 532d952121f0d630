"""Lines of a log without what was put around them: colours, time stamps, CI and logger prefixes, fences, boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# A line beyond this is cut: nothing that Terraform says about itself is that long, a plan with an embedded file is.
LONGEST_LINE = 256 * 1024
_CHUNK = 256 * 1024

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_]")
_SECTION = re.compile(r"section_(?:start|end):\d+:[\w.-]+(?:\[[^\]\n]*\])?\r?")  # of GitLab's folding
_BARE_ANSI = re.compile(r"\[(?:0|1|4|[39][0-7])m")  # what is left where the escape character was dropped
_MOJIBAKE = {"â•·": "╷", "â”‚": "│", "â•µ": "╵", "â”œ": "├", "â”€": "─", "Ôöé": "│", "ÔòÀ": "╷", "ÔòÁ": "╵"}

_PREFIX = re.compile(
    r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?:?(?: \d\d[OE][ +]| |$)"
    r"|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]? "
    r"|(?:STDOUT|STDERR|ERROR|WARN|INFO|DEBUG|TRACE)[ ]{1,4}(?=\[|terraform|tofu)"
    r"|\[(?!ERR|WARN|INFO|DEBUG|TRACE)[A-Za-z/.~][^\[\]\n]{0,200}\] "
    r"|(?:terraform|tofu)(?:\.exe)?:(?: |$)"
    r"|##\[(?:error|warning|section|command|debug|group)\]|::(?:error|warning|notice)[^:]{0,200}::"
    r"|>(?: |(?=[│╷╵\t])|$)"
    r"|\[\d+\]\(https?://[^\s()]{1,300}\) ?"
)
# Another first character, and there is no prefix: for those who look at many lines.
PREFIX_STARTS = frozenset("0123456789[#:>STEWIDTt")
_LOGGED = re.compile(r'time=(?:"[^"]*"|\S+) level=\w+ (?:\w+=\S+ )*?msg=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>.*))')
_FENCE = re.compile(r"\s*(?:`{3,}[\w-]*|</?(?:details|summary|pre|code)>.*)$")
_MOST_PREFIXES = 5


def read_lines(source: bytes | Iterable[bytes]) -> Iterator[str]:
    """The lines of a log, without colours and line ends; bytes that are not UTF-8 become the replacement character."""
    rest = b""
    for chunk in _chunks(source):
        head, newline, tail = chunk.rpartition(b"\n")
        if not newline:
            rest = (rest + chunk)[:LONGEST_LINE]
            continue
        yield from _plain(rest + head).split("\n")
        rest = tail[:LONGEST_LINE]
    if rest:
        yield from _plain(rest).split("\n")


def _chunks(source: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """The source in pieces of a good size, however it comes: whole, by line, by block."""
    if isinstance(source, bytes):
        yield from (source[at : at + _CHUNK] for at in range(0, len(source), _CHUNK))
        return
    pending: list[bytes] = []
    size = 0
    for piece in source:
        pending.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield b"".join(pending)
            pending, size = [], 0
    yield b"".join(pending)


def _plain(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    if "section_" in text:
        text = _SECTION.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "")
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    if "[0m" in text:
        text = _BARE_ANSI.sub("", text)
    if "â" in text or "Ôö" in text:
        for broken, meant in _MOJIBAKE.items():
            text = text.replace(broken, meant)
    return text


def without_prefix(line: str) -> str:
    """The line without the prefixes that CI systems, wrappers and loggers are known to put before it."""
    for _ in range(_MOST_PREFIXES):
        if line[:1] not in PREFIX_STARTS:
            break
        if line.startswith("time=") and (logged := _LOGGED.match(line)):
            quoted = logged["quoted"]
            line = logged["bare"] if quoted is None else quoted.replace('\\"', '"').replace("\\\\", "\\")
        elif found := _PREFIX.match(line):
            line = line[found.end() :]
        else:
            break
    return line.replace("&quot;", '"').replace("&#34;", '"') if "&" in line else line


def is_fence(line: str) -> bool:
    """Whether the line only opens or closes a quotation, as in a comment on a pull request."""
    return line.lstrip()[:1] in ("`", "<") and _FENCE.match(line) is not None
