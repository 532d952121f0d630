"""Takes secrets out of what Terraform leaves behind: values that a plan or a state marks as sensitive, wherever they
stand, and then everything that looks like a secret (tocsin.ground.redaction). Pure.

Terraform hides sensitive values in what it prints itself, but not in the errors of provisioners and providers, and not
in the JSON of plans and states, where they stand in clear beside their marks.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import msgspec

from tocsin.deployments.terraform.log import parse_log
from tocsin.deployments.terraform.plan import PlanError, masked, part_of, sensitive_variables
from tocsin.deployments.terraform.progress import SUPPRESSED
from tocsin.ground.redaction import placeholder, redact_json
from tocsin.ground.redaction import redact_log as redact_lines

# A shorter value can't be told from any other text. In the plan itself it is hidden by its place.
SHORTEST = 4
_SHORTEST_LINE = 8
_TRIVIAL = frozenset({"true", "false", "null", "none", "admin", "root", "user", "default", "test"})
_MARKS = (("before", "before_sensitive"), ("after", "after_sensitive"), ("values", "sensitive_values"))
_DEEPEST = 200
# Not those with ephemeral values: these stand in no plan and in no state.
_SUPPRESSED_SENSITIVE = f"{SUPPRESSED}sensitive value in config)"
NOTED = "[known and redacted]"
# What stands for the middle of a long log. Terraform may have said there that it suppresses what an error repeats.
LEFT_OUT = "bytes are left out here]"
WITHHELD = "[withheld: Terraform marked it as sensitive]"


def sensitive_values(document: bytes) -> frozenset[str]:
    """Every value that a plan's JSON, a state's JSON (`terraform show -json`) or a state file marks as sensitive.

    Numbers as text; of what is too short or too common to be searched for, nothing. Raises PlanError where the document
    can't be read: then nobody knows what is secret in it.
    """
    found: set[str] = set()

    def note(value: Any) -> Any:
        found.update(_leaves(value))
        return value

    with _depth_bounded():
        _hide_marked(_decode(document), note)
    return frozenset(value for value in found if len(value) >= SHORTEST and value.lower() not in _TRIVIAL)


def redact_plan(document: bytes, secrets: Iterable[str], key: bytes) -> bytes:
    """The JSON of a plan or state with placeholders for what it marks, for `secrets`, and for what looks like one.

    What it marks goes wherever else it stands in it, too: Terraform loses marks on the way from an input to an output.
    Raises PlanError where the document can't be read.
    """
    known = sensitive_values(document) | frozenset(secrets)
    with _depth_bounded():
        hidden = _hide_marked(_decode(document), lambda value: placeholder(_as_text(value), key))
        return msgspec.json.encode(redact_json(_map_texts(hidden, known, _replacer(known, key), 0), key))


def redact_log(log: str, secrets: Iterable[str], key: bytes, *, all_known: bool = False) -> str:
    """The log with placeholders for `secrets`, also wrapped, escaped or encoded, and for what looks like a secret.

    Lines stay where they are. Where Terraform suppressed a provisioner's output, the command and the output that the
    provisioner's error repeats are withheld as a whole, unless `all_known`: `secrets` hold all that the plan and the state
    after the run mark (a plan alone does not know values that are made during apply, a state alone no variables). The
    log notes that then, so that redacting it again withholds nothing more.
    """
    clean = _replacer(list(secrets), key)(log)
    if all_known:
        clean = clean.replace(_SUPPRESSED_SENSITIVE, f"{_SUPPRESSED_SENSITIVE} {NOTED}")
    return redact_lines(_withhold(clean) if SUPPRESSED in clean or LEFT_OUT in clean else clean, key)


# --- what is marked ----------------------------------------------------------------------------------------------


def _decode(document: bytes) -> Any:
    try:
        return msgspec.json.decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PlanError(f"not the JSON of a plan or a state: {error}") from error


@contextmanager
def _depth_bounded() -> Iterator[None]:
    try:
        yield
    except RecursionError as error:
        raise PlanError("its values are nested too deeply to be gone through") from error


def _hide_marked(document: Any, hide: Callable[[Any], Any]) -> Any:
    """The document with hide(value) for each value that it marks as sensitive."""
    if not isinstance(document, dict):
        return document
    secret = sensitive_variables(document.get("configuration"))
    variables = document.get("variables")
    if isinstance(variables, dict):
        marks = {name: {"value": True} for name in secret}
        document = {**document, "variables": masked(variables, marks, hide)}
    return _hide_below(_hide_defaults(document, secret, hide), hide, 0)


def _hide_defaults(document: dict[str, Any], secret: Iterable[str], hide: Callable[[Any], Any]) -> dict[str, Any]:
    """Of sensitive variables also what they are without being set."""
    marks = {"root_module": {"variables": {name: {"default": True} for name in secret}}}
    return {**document, "configuration": masked(document["configuration"], marks, hide)} if secret else document


def _hide_below(value: Any, hide: Callable[[Any], Any], depth: int) -> Any:
    if depth > _DEEPEST:
        return hide(value)
    if isinstance(value, list):
        return [_hide_below(each, hide, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    shown = dict(value)
    for name, beside in _MARKS:
        if name in value and beside in value:
            shown[name] = masked(value[name], value[beside], hide)
    if value.get("sensitive") is True and "value" in value:
        shown["value"] = hide(value["value"])
    if isinstance(paths := value.get("sensitive_attributes"), list):  # of a state file
        attributes = value.get("attributes")
        shown["attributes"] = masked(attributes, _beside(attributes, _marks_of(paths)), hide)
    return {name: _hide_below(each, hide, depth + 1) for name, each in shown.items()}


def _marks_of(paths: list[Any]) -> Any:
    """`[[{"type": "get_attr", "value": "password"}]]` as a tree of marks."""
    tree: dict[Any, Any] = {}
    for path in paths:
        at = tree
        steps = [step.get("value") for step in path if isinstance(step, dict)] if isinstance(path, list) else []
        steps = [step["value"] if isinstance(step, dict) and "value" in step else step for step in steps]
        for step in steps[:-1]:
            inner = at.setdefault(step, {})
            at = inner if isinstance(inner, dict) else {}
        if steps:
            at[steps[-1]] = True
    return tree


def _beside(value: Any, marks: Any) -> Any:
    """The marks as they stand beside the value: a state file keeps one of a dynamic type as `{"value": …, "type": …}`."""
    if not isinstance(marks, dict):
        return marks
    if isinstance(value, dict) and value.keys() == {"value", "type"} and not marks.keys() & value.keys():
        return {"value": _beside(value["value"], marks)}
    return {step: _beside(part_of(value, step), inner) for step, inner in marks.items()}


def _leaves(value: Any) -> Iterator[str]:
    """The single values in a sensitive one, as text."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif value is not None and not isinstance(value, bool):
        yield _as_text(value)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


# --- where it stands ---------------------------------------------------------------------------------------------


def _replacer(secrets: Iterable[str], key: bytes) -> Callable[[str], str]:
    """A function that puts placeholders for the secrets; one secret in several writings has one placeholder."""
    stand_in: dict[str, str] = {}
    for secret in secrets:
        for writing in _writings(secret):
            stand_in.setdefault(writing, placeholder(secret, key))
    if not stand_in:
        return str
    longest_first = sorted(stand_in, key=len, reverse=True)
    pattern = re.compile("|".join(f"({_flexible(writing)})" for writing in longest_first))

    def put(match: re.Match[str]) -> str:
        lines = "".join(_LINE_BREAK.findall(match[0]))
        return stand_in[longest_first[(match.lastindex or 1) - 1]] + lines

    def replace(text: str) -> str:
        return pattern.sub(put, text)

    return replace


# Terraform wraps at spaces; inside a box a line goes on behind its edge, which may be coloured.
_WRAPPED = r"\r?\n(?:\x1b\[[0-9;]*m|[ \t│])*"
_LINE_BREAK = re.compile(_WRAPPED)
# Go writes these so in JSON.
_GO_ESCAPES = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"})


def _writings(secret: str) -> Iterator[str]:
    """A secret as it may stand in a text: itself, in JSON or HCL quotes, in a URL, in base64; of several lines each."""
    yield secret
    in_json = msgspec.json.encode(secret).decode()[1:-1]
    yield in_json
    yield in_json.translate(_GO_ESCAPES)
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode("utf-8", "surrogatepass")).decode().rstrip("=")
    if "\n" in secret:
        for line in secret.split("\n"):
            if len(line.strip()) >= _SHORTEST_LINE:
                yield line.strip()


def _flexible(writing: str) -> str:
    """A pattern for the writing, which Terraform may have wrapped at its spaces."""
    words = [re.escape(word) for word in re.split(r"[ \t]+", writing)]
    return rf"(?:[ \t]+|[ \t]*{_WRAPPED})".join(words)


def _map_texts(value: Any, known: frozenset[str], change: Callable[[str], str], depth: int) -> Any:
    """The value with each text in it changed, and each number that is a known secret."""
    if isinstance(value, str):
        return change(value)
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {change(name): _map_texts(each, known, change, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_map_texts(each, known, change, depth + 1) for each in value]
    if isinstance(value, int | float) and not isinstance(value, bool) and _as_text(value) in known:
        return change(_as_text(value))
    return value


# --- what is withheld ---------------------------------------------------------------------------------------------

_PIECE = 1024 * 1024
_COMMAND = "Error running command"
_JSON_COMMAND = re.compile(rf"{_COMMAND}(?:[^\"\\]|\\.)*")
_STATUS = re.compile(r"exit status \d+|signal: \w+")
_BOX = re.compile(r"[^│\n]{0,200}│")


def _withhold(log: str) -> str:
    """The log without what errors of provisioners repeat of a command and an output that Terraform suppressed, or may have."""
    is_cut = LEFT_OUT in log
    told = log.split("\n") if SUPPRESSED in log else []
    suppressed = [line.replace('\\"', '"') for line in told if SUPPRESSED in line and NOTED not in line]
    errors = parse_log(_pieces(log)).errors if suppressed or is_cut else ()
    withheld = [
        found for found in errors if found.provisioner and (is_cut or any(found.address in line for line in suppressed))
    ]
    lines = log.split("\n") if withheld else []
    for found in withheld:
        status = _STATUS.search(f"{found.summary} {found.detail}")
        stand_in = f"{_COMMAND} {WITHHELD}" + (f": {status[0]}" if status else "")
        _withhold_command(lines, found.first_line - 1, min(found.last_line, len(lines)), stand_in)
    return "\n".join(lines) if withheld else log


def _pieces(log: str) -> Iterator[bytes]:
    """The log as bytes, without a second copy of it."""
    for at in range(0, len(log), _PIECE):
        yield log[at : at + _PIECE].encode("utf-8", "surrogateescape")


def _withhold_command(lines: list[str], start: int, end: int, stand_in: str) -> None:
    """Puts the stand-in, in place, for a failed command and all that follows it in the lines of one error."""
    inside = False
    for number in range(start, end):
        line = lines[number]
        if inside:
            box = _BOX.match(line)
            lines[number] = box[0] if box else ""
        elif '{"@' in line:
            lines[number] = _JSON_COMMAND.sub(stand_in, line)
        elif _COMMAND in line:
            lines[number] = line[: line.index(_COMMAND)] + stand_in
            inside = True
