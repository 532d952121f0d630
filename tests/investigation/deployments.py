"""Small failed deployments for tests: `failed(error("timeout", at="aws_vpc.net"))` is a snapshot that reads as what is in it."""

import json
from typing import Any

from tests.investigation.worlds import seen
from tocsin.investigation.diagnosis import Report, diagnose, parse_snapshot
from tocsin.investigation.diagnosis.cause import Cause, Finding


def error(summary: str, *detail: str, at: str = "", file: str = "main.tf", line: int = 7) -> str:
    """Return an error as the tool prints it without colours."""
    kind, _, name = at.rpartition(".")[0].rpartition(".")[2], "", at.rpartition(".")[2].partition("[")[0]
    place = (
        (
            f'  with {at},\n  on {file} line {line}, in resource "{kind}" "{name}":\n   {line}: resource '
            f'"{kind}" "{name}" {{\n\n'
        )
        if at
        else ""
    )
    return f"Error: {summary}\n\n{place}" + "\n".join(detail) + "\n\n"


def failed(*parts: str, exit_code: int | None = 1, **section: Any) -> bytes:
    """Return the snapshot of a run with this log."""
    deployment = {"tool": "terraform", "log": "\n".join(parts), "exit_code": exit_code, **section}
    return json.dumps({"format": "tocsin-snapshot/1", "deployment": deployment}).encode()


def report(*parts: str, **section: Any) -> Report:
    """Return the diagnosis of a run with this log."""
    return diagnose(parse_snapshot(failed(*parts, **section)))


def look(cause: Cause, document: bytes) -> list[Finding]:
    """Ask one cause about a document."""
    return list(cause.look(seen(document)))
