"""What outsiders should not read, or would not understand, found in a text before it is sent. Pure.

Nothing is changed: each finding says where it is, what it is, and what to write instead. Patterns look for what is
recognisable anywhere (addresses, traces, codes, identifiers); internal names are those of the incident at hand.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlsplit

from tocsin.ground.redaction import redact_text
from tocsin.incidents.jargon import terms

SHORTEST_NAME = 3
MOST_NAMES = 2000


class Kind(StrEnum):
    """What is wrong with some words."""

    SECRET = "secret"  # noqa: S105  # the word, not one
    GAP = "not filled in"
    ADDRESS = "internal address"
    NAME = "internal name"
    TRACE = "stack trace"
    CODE = "error code"
    IDENTIFIER = "identifier"
    PATH = "file path"
    JARGON = "jargon"
    WORD = "also an internal name"


_INSTEAD = {
    Kind.SECRET: "Take it out, and replace the secret wherever it is used: it has been typed here.",
    Kind.GAP: "Fill it in, or take the line out.",
    Kind.ADDRESS: "Say which part of your service it is, as customers know it.",
    Kind.NAME: "Say what it does for customers instead of what it is called.",
    Kind.TRACE: "Say what does not work; the details stay on the incident.",
    Kind.CODE: "Say what customers see, such as “payments fail”.",
    Kind.IDENTIFIER: "Leave it out: it tells outsiders nothing.",
    Kind.PATH: "Leave it out: it tells outsiders nothing.",
    Kind.WORD: "Fine if customers call it so too.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Some words: `start` and `end` are offsets in the text, `said` the words (a secret is masked)."""

    kind: Kind
    start: int
    end: int
    said: str
    suggestion: str

    @property
    def is_barred(self) -> bool:
        """Whether it can't be sent at all, read or not."""
        return self.kind is Kind.SECRET

    @property
    def is_hint(self) -> bool:
        """Whether it is only said, and nobody need confirm it."""
        return self.kind is Kind.WORD


def findings(text: str, *, names: Iterable[str], public: Iterable[str], key: bytes) -> list[Finding]:
    """What outsiders should not read, in the order of the text; never overlapping.

    `names` are internal names of the incident, `public` those that outsiders use themselves (which are let through), `key`
    that of redaction.
    """
    known = {name.casefold() for name in public}
    found = [*_own(text, key), *_by_pattern(text), *_addresses(text), *_names(text, names, known)]
    found += [Finding(Kind.JARGON, start, end, text[start:end], f"“{plain}”") for start, end, plain in terms(text)]
    return _apart([one for one in found if one.said.casefold() not in known])


def own_findings(text: str, *, key: bytes) -> list[Finding]:
    """What not even the team should read: secrets, and gaps that a template left for a person to fill in."""
    return _apart(list(_own(text, key)))


def _apart(found: list[Finding]) -> list[Finding]:
    """Without those that overlap one that matters more, or is longer."""
    kept: list[Finding] = []
    for one in sorted(found, key=lambda one: (not one.is_barred, one.is_hint, one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


# --- secrets and gaps --------------------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(r"\[redacted:[0-9a-f]{6}\]")
_GAP = re.compile(r"\[[^\[\]\n]{1,120}\](?!\()")


def _own(text: str, key: bytes) -> Iterator[Finding]:
    yield from _secrets(text, key)
    for found in _GAP.finditer(text):
        if not _PLACEHOLDER.fullmatch(found[0]):
            yield _found(Kind.GAP, found)


def _secrets(text: str, key: bytes) -> Iterator[Finding]:
    """What redaction would take out: what stands between the pieces that it leaves as they are."""
    redacted = redact_text(text, key)
    if redacted == text:
        return
    end = 0
    pieces = _PLACEHOLDER.split(redacted)
    for before, after in pairwise(pieces):
        start = max(text.find(before, end), end) + len(before)
        stop = text.find(after, start) if after else len(text)
        end = stop if stop > start else len(text)
        if not _PLACEHOLDER.fullmatch(text[start:end]):  # one that was taken out earlier is no secret
            yield Finding(Kind.SECRET, start, end, "•••", _INSTEAD[Kind.SECRET])


# --- what is recognisable anywhere -------------------------------------------------------------------------------
# Each pattern starts where a word or a line does and runs forward: time stays linear in the text.

_HEX = r"[0-9a-f]"
_ERRNO = (
    "CONNREFUSED|CONNRESET|CONNABORTED|TIMEDOUT|NOSPC|NOMEM|PIPE|HOSTUNREACH|NETUNREACH|NOENT|ACCES|AGAIN|ADDRINUSE"
    "|NOTFOUND|AI_AGAIN|MFILE"
)
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.ASCII | re.MULTILINE))
    for kind, pattern in (
        (Kind.TRACE, r"Traceback \(most recent call last\):?"),
        (Kind.TRACE, r"^[ \t]*File \"[^\"\n]*\", line \d+.*$"),
        (Kind.TRACE, r"^[ \t]*at [\w$.<>/ ]+\([^)\n]*\).*$"),
        (Kind.TRACE, r"^[ \t]*at [^\n]{1,300}:(?:line )?\d+.*$"),
        (Kind.TRACE, r"\bCaused by: .*$"),
        (Kind.TRACE, r"\bgoroutine \d+ \[[^\]\n]*\]:?|\bpanic: .*$|\bthread '[^'\n]*' panicked at.*$"),
        (Kind.TRACE, r"(?<![\w./-])[\w./-]+\.(?:py|rb|go|js|ts|java|kt|php|cs|rs|cc?|cpp|ex|scala):\d+(?::\d+)?(?::in\b.*$)?"),
        (Kind.TRACE, r"(?<![\w.])(?:[a-z_]\w*\.){0,12}[A-Z]\w+(?:Exception|Error)\b"),
        (Kind.CODE, rf"\bE(?:{_ERRNO})\b"),
        (Kind.CODE, r"\bSIG(?:KILL|TERM|SEGV|ABRT|INT|BUS|HUP|QUIT)\b"),
        (Kind.CODE, r"(?i:\b(?:exit|error|return|status)(?: code| status)? ?[:=#]? ?\d{1,5}\b)"),
        (Kind.CODE, r"\bHTTP[ /]?(?:/\d(?:\.\d)? )?(?:status )?[1-5]\d\d\b"),
        (Kind.CODE, r"\b[1-5]xx\b|\b[45]\d\ds?(?= (?:errors?|responses?)\b)"),
        (Kind.CODE, r"\b(?:ORA|TNS|SQL|SQLSTATE|DB2)[- ]?\d{2,6}\b|\bSQLSTATE\b|\b0x[0-9A-Fa-f]{4,}\b"),
        (Kind.CODE, r"\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b|\b(?:OOMKilled|FailedScheduling|ErrImagePull|[A-Z]\w*BackOff)\b"),
        (Kind.IDENTIFIER, rf"\b{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}\b|\bi-{_HEX}{{8,17}}\b"),
        (Kind.IDENTIFIER, rf"\b(?=[a-f]*\d)(?=\d*[a-f]){_HEX}{{7,128}}\b|\bsha256:{_HEX}{{8,64}}\b|\barn:aws[\w-]*:\S+"),
        (Kind.IDENTIFIER, r"(?<![\w./:-])[a-z0-9][\w.-]*(?:/[\w.-]+){1,6}:[\w.-]*\w"),
        (Kind.PATH, r"(?<![\w/.:<])/(?:var|etc|usr|opt|home|srv|tmp|proc|sys|dev|mnt|root|app|data|run|lib|bin)/[\w./@-]*"),
        (Kind.PATH, r"\b[A-Za-z]:\\\S+"),
        # A pod, a member of a set, a numbered host: lower case, hyphens, and an end that no word has.
        (Kind.NAME, r"(?<![\w.-])[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?!\d+s?\b)(?=[a-z]*\d)[a-z0-9]{4,10}(?![\w-])"),
        (Kind.NAME, r"(?<![\w.-])[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[a-z0-9]{8,10}-[a-z0-9]{5}(?![\w-])"),
        (Kind.NAME, r"(?<![\w.-])[a-z][a-z0-9]*(?:-[a-z0-9]+)+-\d{1,5}(?![\w-])"),
    )
)  # fmt: skip


def _by_pattern(text: str) -> Iterator[Finding]:
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield _found(kind, found)


def _found(kind: Kind, found: re.Match[str]) -> Finding:
    said = found[0].strip()
    start = found.start() + found[0].index(said)
    return Finding(kind, start, start + len(said), said, _INSTEAD[kind])


# --- addresses ---------------------------------------------------------------------------------------------------

_INSIDE = (
    "local|localdomain|localhost|internal|intranet|intra|lan|corp|home|private|svc|consul|cluster"
    "|amazonaws\\.com|windows\\.net|azure\\.com|cloudapp\\.net|googleusercontent\\.com"
)
_URL = re.compile(r"(?<![\w+.-])[a-z][a-z0-9+.-]{1,20}://[^\s<>\"]+", re.IGNORECASE | re.ASCII)
_V4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?::\d{1,5})?(?!\d|\.\d)", re.ASCII)
_V6 = re.compile(r"(?<![0-9A-Za-z:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f.]*:)[0-9A-Fa-f:.]{2,45}", re.ASCII)
_HOST = re.compile(
    rf"(?<![\w@.-])(?:(?:[a-z0-9_][a-z0-9_-]{{0,62}}\.)+(?:{_INSIDE})(?:\.[a-z]+)*|localhost)(?::\d{{1,5}})?(?![\w-])"
    # db3.eu.example.org: the first part is numbered
    r"|(?<![\w@.-])[a-z][a-z-]{0,60}\d{1,5}(?:\.[a-z0-9-]{1,63}){2,8}(?::\d{1,5})?(?![\w-])"
    r"|(?<![\w@./:-])[a-z][a-z0-9.-]{0,200}:\d{3,5}(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_INSIDE_HOST = re.compile(rf"(?:.*\.)?(?:{_INSIDE})(?:\.[a-z]+)*", re.IGNORECASE | re.ASCII)


def _addresses(text: str) -> Iterator[Finding]:
    for found in _V4.finditer(text):
        if _is_address(re.split(r"[/:]", found[0])[0]):
            yield _found(Kind.ADDRESS, found)
    for found in _V6.finditer(text):
        said = next((one for one in (found[0], found[0].rstrip("."), found[0][:-1]) if _is_address(one)), "")
        if said:
            yield Finding(Kind.ADDRESS, found.start(), found.start() + len(said), said, _INSTEAD[Kind.ADDRESS])
    for found in _HOST.finditer(text):
        yield _found(Kind.ADDRESS, found)
    for found in _URL.finditer(text):
        if _is_inside(found[0]):
            yield _found(Kind.ADDRESS, found)


def _is_address(said: str) -> bool:
    try:
        ipaddress.ip_address(said)
    except ValueError:
        return False
    return True


def _is_inside(url: str) -> bool:
    """Whether a URL leads to something that outsiders can't, or should not, open."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # such as brackets around what is no address
        return True
    if parts.scheme.lower() not in ("http", "https", "mailto") or port is not None or "@" in parts.netloc:
        return True
    return "." not in host or _is_address(host) or _INSIDE_HOST.fullmatch(host) is not None


# --- names of this incident --------------------------------------------------------------------------------------

_BARE = re.compile(r"[A-Za-z]+")


def _names(text: str, names: Iterable[str], public: set[str]) -> Iterator[Finding]:
    """Internal names, with what is tied to them: `cart-7f9c` where `cart` is one.

    One that is an ordinary word by itself is a hint alone: “cart” is what customers say, too.
    """
    known = {name for name in names if len(name) >= SHORTEST_NAME and name.casefold() not in public}
    if not known:
        return
    longest_first = sorted(known, key=lambda name: (-len(name), name))[:MOST_NAMES]
    either = "|".join(map(re.escape, longest_first))
    pattern = re.compile(rf"(?<![\w-])(?P<name>{either})(?P<tail>(?:[-.:/][\w-]+)*)(?![\w])", re.IGNORECASE)
    for found in pattern.finditer(text):
        is_word = _BARE.fullmatch(found["name"]) and not re.search(r"\d", found["tail"])
        if not is_word:
            yield _found(Kind.NAME, found)
        elif found["name"] in known:
            yield _found(Kind.WORD, found)
