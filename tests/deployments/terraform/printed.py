"""Prints diagnostics in the forms in which Terraform does: plain, boxed and coloured, as a JSON message; and some to print."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What Terraform has to tell. `code` is the line of the configuration; `values` what it says of values in it."""

    summary: str
    detail: str = ""
    severity: str = "error"
    address: str = ""
    file: str = ""
    line: int = 1
    context: str = ""
    code: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def lines(self, width: int) -> list[str]:
        heading = f"{self.severity.capitalize()}: {self.summary}"
        place = [f"  with {self.address},"] if self.address else []
        if self.file:
            place += [f"  on {self.file} line {self.line}, in {self.context}:", f"{self.line:4}: {self.code}"]
            place += ["    ├────────────────"] if self.values else []
            place += [f"    │ {name} {statement}" for name, statement in self.values]
        detail = [line for each in self.detail.split("\n") for line in wrapped(each, width)] if self.detail else []
        return [heading, "", *place, *([""] if place else []), *detail]


def wrapped(line: str, width: int) -> list[str]:
    """As Terraform wraps: not what is indented, and never inside a word."""
    if line.startswith(" "):
        return [line]
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]


def plain(*told: Told) -> str:
    return "".join("\n" + "\n".join(each.lines(77)) + "\n" for each in told)


def boxed(*told: Told, width: int = 75) -> str:
    blocks = ("\n".join(each.lines(width)).split("\n") for each in told)
    return "".join("\n".join(["╷", *(f"│ {line}" for line in lines), "╵", ""]) for lines in blocks)


def coloured(*told: Told) -> str:
    text = re.sub(r"(?m)^([╷│╵]) ?", "\x1b[31m\\1\x1b[0m \x1b[0m", boxed(*told))
    return text.replace("Error: ", "\x1b[1m\x1b[31mError: \x1b[0m\x1b[0m\x1b[1m")


def as_json(*told: Told) -> str:
    return "".join(f"{json.dumps(message(each), separators=(',', ':'))}\n" for each in told)


def message(told: Told) -> dict[str, object]:
    diagnostic: dict[str, object] = {"severity": told.severity, "summary": told.summary, "detail": told.detail}
    if told.address:
        diagnostic["address"] = told.address
    if told.file:
        values = [{"traversal": name, "statement": statement} for name, statement in told.values]
        diagnostic["range"] = {"filename": told.file, "start": {"line": told.line, "column": 1, "byte": 1}}
        diagnostic["snippet"] = {"context": told.context, "code": told.code, "start_line": told.line, "values": values}
    lead = {"@level": told.severity, "@message": f"{told.severity.capitalize()}: {told.summary}"}
    return {**lead, "@module": "terraform.ui", "diagnostic": diagnostic, "type": "diagnostic"}


Form = Callable[..., str]
FORMS: tuple[Form, ...] = (plain, boxed, coloured, as_json)

REFUSED = Told(
    summary="creating S3 Bucket (logs): operation error S3: CreateBucket, AccessDenied",
    detail="The provider could not create the bucket, because the caller may not do that in this account, says the "
    "service. Ask whoever owns the account.\n\n  request: 42\n\nNothing was changed.",
    address='module.a["k.x"].aws_s3_bucket.logs[0]',
    file="modules/a/main.tf",
    line=12,
    context='resource "aws_s3_bucket" "logs"',
    code='  bucket = "logs"',
    values=(("var.name", 'is "logs"'),),
)
UNKNOWN_KEYS = Told(
    summary="Invalid for_each argument",
    detail='The "for_each" map includes keys derived from resource attributes that cannot be determined until apply.',
    file="main.tf",
    line=3,
    context='resource "aws_subnet" "a"',
    code="  for_each = toset(aws_vpc.a[*].id)",
)
DEPRECATED = Told(summary="Argument is deprecated", detail="Use bucket_prefix.", severity="warning")
APPLY = """Terraform v1.9.2
aws_vpc.a: Refreshing state... [id=vpc-1]
Plan: 1 to import, 2 to add, 0 to change, 0 to destroy.
aws_vpc.b["x: y"]: Creating...
aws_vpc.b["x: y"]: Still creating... [1m10s elapsed]
aws_vpc.b["x: y"]: Creation complete after 1m12s [id=vpc-2]
aws_vpc.c: Creating...
"""
