"""Trees of owners, as `kubectl lineage` and `kubectl tree` draw them: who made whom, and how ready each is."""

import re
from collections.abc import Iterator
from datetime import datetime

from tocsin.investigation.diagnosis.transcripts.listings import listed
from tocsin.investigation.diagnosis.transcripts.tables import Row, headings, rows
from tocsin.investigation.diagnosis.transcripts.transcript import Document, Transcript, owner

_BRANCH = re.compile(r"[\s│├└─|`-]*")
_KIND = re.compile(r"[A-Z][A-Za-z]+$")
# Who makes whom; what else stands in a tree is related in other ways.
_MAKES = {
    "Deployment": ("ReplicaSet",),
    "ReplicaSet": ("Pod",),
    "StatefulSet": ("Pod",),
    "DaemonSet": ("Pod",),
    "CronJob": ("Job",),
    "Job": ("Pod",),
}


def read_lineage(text: str, now: datetime | None, namespace: str = "") -> Transcript | None:
    """Read a tree of objects; None for anything else. `namespace` is that of the command."""
    lines = text.expandtabs().strip("\n").splitlines() or [""]
    names = headings(lines[0])
    if not {"NAME", "READY"} <= names.keys() or not any("─" in line for line in lines):
        return None
    found, open_ = Transcript("a tree of owners"), list[tuple[int, Document]]()
    for depth, kind, row in _nodes(lines):
        while open_ and open_[-1][0] >= depth:
            open_.pop()
        document = listed(kind, row, row.get("NAMESPACE", namespace), now)
        above = open_[-1][1] if open_ else None
        if above and kind in _MAKES.get(above["kind"], ()):
            document["metadata"]["ownerReferences"] = owner(f"{above['kind']}/{above['metadata']['name']}")
        open_.append((depth, document))
        if kind in _MAKES or kind == "Pod":
            found.objects.append(document)
    return None if found.empty else found


def _nodes(lines: list[str]) -> Iterator[tuple[int, str, Row]]:
    """Yield how deep a node stands, its kind, and its row with the name alone."""
    start = headings(lines[0])["NAME"]
    for row, line in zip(rows(lines[0], lines[1:]), lines[1:], strict=True):
        drawn = line[start:]
        branch = _BRANCH.match(drawn)
        depth = branch.end() if branch else 0
        kind, slash, name = drawn[depth:].partition(" ")[0].partition("/")
        if slash and name and _KIND.match(kind):
            yield depth, kind, {**row, "NAME": name}
