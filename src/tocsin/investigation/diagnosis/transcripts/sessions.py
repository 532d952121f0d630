"""A terminal session as people paste it: commands behind a prompt, each with what it printed."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_PROMPT = re.compile(
    r"^(?:[^\s$#>%]{0,99} ?(?:~|/\S{0,99})?\]? ?[$#>%] +)(?P<marked>(?:kubectl|oc|k) .+)$"
    r"|^(?P<bare>kubectl (?:get|describe|logs|top|events?) .+)$",
    re.MULTILINE,
)
# What people wrote begins here: the content of a ConfigMap, objects as YAML or JSON.
_WRITTEN = re.compile(r"^(?:Data\n====|apiVersion: |\{$)", re.MULTILINE)
_VALUES = frozenset(
    {"-n", "--namespace", "-c", "--container", "-o", "--output", "-l", "--selector", "--context", "--tail", "--since"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command: `verb` ("get", "describe", "logs"), what it names, and its options by name."""

    verb: str
    words: tuple[str, ...]
    options: dict[str, str]

    @property
    def namespace(self) -> str:
        """The namespace that the command names."""
        return self.options.get("-n") or self.options.get("--namespace") or ""

    @property
    def container(self) -> str:
        """The container whose log is asked for; "?" where only kubectl knows."""
        return self.options.get("-c") or self.options.get("--container") or "?"

    @property
    def pod(self) -> str:
        """The pod, or the workload, whose log is asked for."""
        return self.words[0].rpartition("/")[2] if self.words else ""

    @property
    def run(self) -> str:
        """Which run of the container the log is of."""
        return "previous" if "-p" in self.options or "--previous" in self.options else "current"


def commands(text: str) -> Iterator[tuple[Asked, str]]:
    """Yield each command of a session with its output; nothing for a text that does not begin with a command.

    After `logs` the rest is that log: what follows may as well be printed by the application. After the content of a
    ConfigMap or of whole objects the rest is left out, for the same reason.
    """
    found = _PROMPT.match(text.lstrip("\n"))
    starts = list(_PROMPT.finditer(text)) if found else []
    for index, start in enumerate(starts):
        asked = _asked(start["marked"] or start["bare"])
        if asked and asked.verb in ("logs", "exec"):
            yield asked, text[start.end() :].lstrip("\n")
            return
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        output = text[start.end() : end].strip("\n")
        if asked:
            yield asked, output
        if _WRITTEN.search(output):
            return


def _asked(line: str) -> Asked | None:
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return None
    named, options = list[str](), dict[str, str]()
    rest = iter(words[1:])
    for word in rest:
        if word in _VALUES:
            options[word] = next(rest, "")
        elif word.startswith("-"):
            name, _, value = word.partition("=")
            options[name] = value
        else:
            named.append(word)
    return Asked(named[0], tuple(named[1:]), options) if named else None
