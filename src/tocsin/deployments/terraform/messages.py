"""Reads Terraform's machine-readable output: one JSON message a line (`-json`), or the document of `validate -json`.

Format: https://developer.hashicorp.com/terraform/internals/machine-readable-ui. Types that are not known are left alone.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tocsin.deployments.terraform.blocks import Place, diagnostic
from tocsin.deployments.terraform.parsed import Counts, Diagnostic
from tocsin.deployments.terraform.prose import one_line, unwrap


class _Position(msgspec.Struct):
    line: int = 0


class _Range(msgspec.Struct):
    filename: str = ""
    start: _Position | None = None


class _Value(msgspec.Struct):
    traversal: str = ""
    statement: str = ""


class _Snippet(msgspec.Struct):
    context: str | None = None
    code: str = ""
    values: list[_Value] | None = None
    function_call: dict[str, Any] | None = None


class Told(msgspec.Struct):
    """The `diagnostic` of a message."""

    severity: str = "error"
    summary: str = ""
    detail: str = ""
    address: str = ""
    range: _Range | None = None
    snippet: _Snippet | None = None


class _Resource(msgspec.Struct):
    addr: str = ""


class _Hook(msgspec.Struct):
    resource: _Resource | None = None
    action: str = ""
    elapsed_seconds: float | None = None


class _Changes(msgspec.Struct, rename={"imported": "import", "destroy": "remove"}):
    add: int = 0
    change: int = 0
    imported: int = 0
    destroy: int = 0
    operation: str = ""


class Message(msgspec.Struct, rename={"text": "@message"}):
    """One line. Only what is read is decoded."""

    type: str = ""
    text: str = ""
    terraform: str = ""
    tofu: str = ""
    diagnostic: Told | None = None
    hook: _Hook | None = None
    change: _Hook | None = None
    changes: _Changes | None = None

    @property
    def counts(self) -> Counts | None:
        """The numbers of a `change_summary`."""
        told = self.changes
        return Counts(told.add, told.change, told.destroy, told.imported) if told else None


class _Document(msgspec.Struct):
    diagnostics: list[Told]


class _Logged(msgspec.Struct):
    log: str = ""
    message: str = ""
    msg: str = ""


_MESSAGE = msgspec.json.Decoder(Message)
_DOCUMENT = msgspec.json.Decoder(_Document)
_LOGGED = msgspec.json.Decoder(_Logged)


def read_message(line: str) -> Message | None:
    """The message in a line; None where it holds none."""
    try:
        message = _MESSAGE.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return message if message.type else None


def logged_text(line: str) -> str:
    """The text in a line that a container runtime or a logger wrapped in JSON of its own; empty where it is none."""
    try:
        logged = _LOGGED.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
    return logged.log or logged.message or logged.msg


def read_document(text: str, first_line: int, last_line: int) -> list[Diagnostic] | None:
    """The diagnostics of `terraform validate -json`; None where the text is another document."""
    try:
        document = _DOCUMENT.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return [read_told(told, first_line, last_line) for told in document.diagnostics]


def read_told(told: Told, first_line: int, last_line: int) -> Diagnostic:
    """A message's diagnostic, in the same words as the human forms have it."""
    where, shown = told.range, told.snippet
    place = Place(
        address=told.address,
        file=where.filename if where else "",
        line=where.start.line if where and where.start else 0,
        context=(shown.context or "") if shown else "",
    )
    summary, _, more = told.summary.partition("\n\n")  # people see a second paragraph as detail
    detail = f"{more}\n\n{told.detail}" if more else told.detail
    return diagnostic(
        severity=told.severity,
        summary=one_line(summary.split("\n")),
        detail=unwrap(detail.split("\n"), printed=False),
        place=place,
        snippet=_snippet(shown) if shown else [],
        first_line=first_line,
        last_line=last_line,
    )


def _snippet(shown: _Snippet) -> list[str]:
    lines = [line.rstrip() for line in shown.code.split("\n") if line.strip()]
    if call := shown.function_call:
        lines.append(f"while calling {call.get('called_as')}({_parameters(call.get('signature'))})")
    return lines + [f"{value.traversal} {value.statement}".rstrip() for value in shown.values or []]


def _parameters(signature: Any) -> str:
    """A function's parameters as the human form prints them."""
    if not isinstance(signature, dict):
        return ""
    names = [str(each.get("name")) for each in signature.get("params") or [] if isinstance(each, dict)]
    variadic = signature.get("variadic_param")
    if isinstance(variadic, dict):
        names.append(f"{variadic.get('name')}...")
    return ", ".join(names)
