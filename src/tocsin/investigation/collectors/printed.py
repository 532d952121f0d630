"""What a bundle holds as text for people: gathered file by file, and read together at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tocsin.investigation.collectors.layouts import LogPlace
from tocsin.investigation.collectors.reading import Reading
from tocsin.investigation.diagnosis.resources import UNNAMED
from tocsin.investigation.diagnosis.transcripts.assembly import assemble
from tocsin.investigation.diagnosis.transcripts.reading import read_transcript
from tocsin.investigation.diagnosis.transcripts.transcript import Document, Transcript

# JSON and YAML of Kubernetes objects are no text for people, whatever stands in them.
_STRUCTURED = (".json", ".yaml", ".yml")


@dataclass(slots=True)
class Printed:
    """Outputs of tools, and logs by "namespace/pod/container"; `loose` logs tell their pod by the file's name alone."""

    found: list[Transcript] = field(default_factory=list)
    logs: dict[str, dict[str, str]] = field(default_factory=dict)
    loose: list[tuple[LogPlace, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.found)

    def take(self, name: str, text: str) -> bool:
        """Take a file if it is the output of a tool."""
        read = None if name.endswith(_STRUCTURED) and '"resultType"' not in text[:1000] else read_transcript(text)
        if read:
            self.found.append(read)
        return read is not None

    def told(self) -> list[str]:
        """Return what kinds of output there were."""
        return sorted({read.what for read in self.found})

    @property
    def namespace(self) -> str:
        """The only namespace that the outputs name; kubectl's own default where they name none."""
        named = {document["metadata"].get("namespace", "") for read in self.found for document in read.objects} - {""}
        if not self.found:
            return ""
        return named.pop() if len(named) == 1 else "" if named else "default"

    def finish(self, reading: Reading, namespace: str, asked: Mapping[str, Any]) -> None:
        """Add what was printed, and the logs, to the objects of the reading."""
        if not (self.found or self.logs or self.loose):
            return
        stored: list[Document] = [msgspec.json.decode(raw) for raw in reading.objects]
        known = {
            (held["metadata"].get("namespace") or "", held["metadata"]["name"]) for held in [*stored, *self._pods()]
        }
        logs = {key: dict(runs) for key, runs in self.logs.items()}
        for key, run, text in self._matched(known, namespace):
            logs.setdefault(key, {})[run] = text
        joined = assemble(self.found, stored=stored, logs=logs, namespace=namespace, asked=asked)
        for index, (before, after) in enumerate(zip(stored, joined.stored, strict=True)):
            if after is not before:
                reading.replace(index, msgspec.json.encode(after))
        for document in (*joined.new, *joined.events):
            reading.add(msgspec.json.encode(document))
        for metric in joined.metrics:
            reading.add_entry("metrics", metric)
        for place, runs in joined.logs.items():
            for run, text in runs.items():
                reading.add_log(place, run, text)
        reading.partial |= joined.partial - reading.collected

    def _pods(self) -> Iterator[Document]:
        yield from (document for read in self.found for document in read.objects)

    def _matched(self, known: set[tuple[str, str]], namespace: str) -> Iterator[tuple[str, str, str]]:
        """Yield the loose logs whose file bears the name of something known; a name alone proves no pod."""
        inside = sorted(known)
        for place, text in self.loose:
            for scope, name in inside:
                if place.pod == name or name.startswith(f"{place.pod}-"):
                    container = place.container or UNNAMED
                    yield f"{scope or namespace}/{place.pod}/{container}", place.run, text
                    break
