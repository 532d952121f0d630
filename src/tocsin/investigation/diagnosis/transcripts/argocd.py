"""`argocd app get`: an application, how far it is synchronised, and what the last attempt said."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.transcripts.outline import outline
from tocsin.investigation.diagnosis.transcripts.tables import headings, rows
from tocsin.investigation.diagnosis.transcripts.transcript import Document, Transcript, made, slim

_START = re.compile(r"Name: +\S+\nProject: ")
_RESOURCES = {"KIND", "NAMESPACE", "NAME", "STATUS", "HEALTH"}


def read_argocd(text: str) -> Transcript | None:
    """Read the output of `argocd app get`; None for anything else."""
    if not _START.match(text.lstrip("\n")):
        return None
    entry = outline(text.splitlines())
    if not (entry.told("Sync Status") and entry.told("Health Status")):
        return None
    namespace, _, name = entry.told("Name").rpartition("/")
    source = entry.get("Source")
    spec = {
        "project": entry.told("Project"),
        "destination": {"server": entry.told("Server"), "namespace": entry.told("Namespace")},
        "source": {
            "repoURL": _listed(source.listed("Source") if source else [], "Repo") or entry.told("Repo"),
            "path": entry.told("Path"),
            "targetRevision": entry.told("Target"),
        },
    }
    sync, _, revision = entry.told("Sync Status").partition(" from ")
    status = {
        "sync": {"status": sync, "revision": revision},
        "health": {"status": entry.told("Health Status").partition(" ")[0]},
        "operationState": {"phase": entry.told("Phase"), "message": entry.told("Message")},
        "resources": list(_resources(text)),
    }
    return Transcript("argocd app get", objects=[made("Application", name, namespace, spec=spec, status=status)])


def _listed(lines: list[str], key: str) -> str:
    found = (re.match(rf"-? *{key}: +(\S+)", line) for line in lines)
    return next((match[1] for match in found if match), "")


def _resources(text: str) -> Iterator[Document]:
    """Yield the table of resources at the end."""
    lines = text.expandtabs().splitlines()
    start = next((index for index, line in enumerate(lines) if headings(line).keys() >= _RESOURCES), None)
    for row in rows(lines[start], lines[start + 1 :]) if start is not None else ():
        yield slim(
            {
                "group": row.get("GROUP"),
                "kind": row.get("KIND"),
                "namespace": row.get("NAMESPACE"),
                "name": row.get("NAME"),
                "status": row.get("STATUS"),
                "health": {"status": row.get("HEALTH")},
                "message": row.get("MESSAGE"),
            }
        )
