"""References to evidence: where in a snapshot a value is stored, as text that a reader can open.

The grammar is written down in `schemas/references.md`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

SECTIONS = ("events", "metrics", "alerts", "changes", "probes", "node_services", "dependencies")
WHOLES = ("alert", "deployment")

_NAME = r"[^/#\s]+"
_OBJECT = re.compile(
    rf"(?P<kind>[A-Z]{_NAME})/(?:(?P<namespace>{_NAME})/)?(?P<name>{_NAME})#(?P<pointer>(?:/.*)?)", re.S
)
_LOG = re.compile(rf"logs/(?P<key>{_NAME}/{_NAME}/{_NAME})/(?P<run>current|previous)#L(?P<line>[1-9]\d*)")
_DEPLOYMENT_LOG = re.compile(r"deployment/log#L(?P<line>[1-9]\d*)")
_ENTRY = re.compile(rf"(?P<section>{'|'.join(SECTIONS)})/(?P<index>0|[1-9]\d*)#(?P<pointer>(?:/.*)?)", re.S)
_WHOLE = re.compile(rf"(?P<section>{'|'.join(WHOLES)})#(?P<pointer>(?:/.*)?)", re.S)


class BadReferenceError(ValueError):
    """The text is no reference, or the snapshot holds nothing there; the message says which."""


class Subject(msgspec.Struct, frozen=True, order=True):
    """A Kubernetes object by name; `namespace` is empty for what belongs to the whole cluster.

    Of a deployment it is a resource ("Resource", its address), a place of the configuration
    ("Configuration", "main.tf line 3") or the run itself ("Run", what was typed).
    """

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}" if self.namespace else f"{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class ObjectReference:
    """A value inside a stored Kubernetes object, by JSON pointer (RFC 6901)."""

    subject: Subject
    pointer: str


@dataclass(frozen=True, slots=True)
class LogReference:
    """One line, counted from 1, of a container's log; `key` is namespace/pod/container."""

    key: str
    run: str
    line: int


@dataclass(frozen=True, slots=True)
class DeploymentLogReference:
    """One line, counted from 1, of a deployment's log."""

    line: int


@dataclass(frozen=True, slots=True)
class EntryReference:
    """A value inside one entry, counted from 0, of a section that is a list."""

    section: str
    index: int
    pointer: str


@dataclass(frozen=True, slots=True)
class WholeReference:
    """A value inside a section that is one JSON object."""

    section: str
    pointer: str


Reference = ObjectReference | LogReference | DeploymentLogReference | EntryReference | WholeReference


def parse_reference(text: str) -> Reference:
    """Take a reference apart; raises BadReferenceError when it does not follow the grammar."""
    if found := _LOG.fullmatch(text):
        return LogReference(found["key"], found["run"], int(found["line"]))
    if found := _DEPLOYMENT_LOG.fullmatch(text):
        return DeploymentLogReference(int(found["line"]))
    if found := _ENTRY.fullmatch(text):
        return EntryReference(found["section"], int(found["index"]), found["pointer"])
    if found := _WHOLE.fullmatch(text):
        return WholeReference(found["section"], found["pointer"])
    if found := _OBJECT.fullmatch(text):
        return ObjectReference(Subject(found["kind"], found["namespace"] or "", found["name"]), found["pointer"])
    raise BadReferenceError(f"not an evidence reference: {text!r}")


def escape(step: str) -> str:
    """Write one key as a step of a JSON pointer (RFC 6901, section 3)."""
    return step.replace("~", "~0").replace("/", "~1")


def steps(pointer: str) -> list[str]:
    """Split a JSON pointer into its unescaped steps; the empty pointer has none."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def follow(value: object, pointer: str) -> object:
    """Return what a JSON pointer leads to inside `value`; raises BadReferenceError when nothing is there."""
    for step in steps(pointer):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, Sequence) and not isinstance(value, str) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise BadReferenceError(f"nothing at {pointer!r}: no {step!r}")
    return value
