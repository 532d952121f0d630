"""Puts together what several outputs tell of the same objects, and whose log is whose."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.investigation.diagnosis.resources import UNNAMED
from tocsin.investigation.diagnosis.transcripts.transcript import DESCRIBED, Document, Transcript, made, owner

_DEFAULT = "kubectl.kubernetes.io/default-container"
_CLUSTER_WIDE = frozenset({"Node", "Namespace", "PersistentVolume", "StorageClass"})
# Controllers end the names of pods with five of the letters and digits that spell no words.
_GENERATED = re.compile(r"-[bcdfghjklmnpqrstvwxz2456789]{5}")

Identity = tuple[str, str, str]
Logs = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The stored objects, each completed or as it was, and the new ones; of the kinds in `partial` only some were read."""

    stored: list[Document]
    new: list[Document]
    events: list[Document]
    metrics: list[Document]
    logs: dict[str, dict[str, str]]
    partial: frozenset[str]


def assemble(
    found: Sequence[Transcript],
    *,
    stored: Sequence[Document] = (),
    logs: Logs | None = None,
    namespace: str = "",
    asked: Mapping[str, Any] | None = None,
) -> Assembled:
    """Join outputs with the objects and logs of the same look.

    What is stored stays as it is; only a specification, a state or owners that it lacks altogether are added. Of two
    outputs the fuller one is believed. `namespace` is for what was printed without one. `asked` is the object that
    people ask about: a pod without owners whose name it could have made is taken to be its.
    """
    origin = {_identity(document, namespace): document for document in sorted(stored, key=_size)}
    joined = dict(origin)
    for document in _told(found, stored):
        identity = _identity(document, namespace)
        held = joined.get(identity)
        if identity in origin and held:
            joined[identity] = _completed(held, document)
        else:
            scope = {"namespace": identity[1]} if identity[1] else {}
            placed = {**document, "metadata": {**document["metadata"], **scope}}
            joined[identity] = _merged(held, placed) if held else placed
    named = _Logs(joined, namespace)
    for key, runs in (*(logs or {}).items(), *(item for one in found for item in one.logs.items())):
        named.add(key, runs)
    _adopt(joined, asked or {})
    identities = [_identity(document, namespace) for document in stored]
    return Assembled(
        [joined[at] if origin[at] is document else document for at, document in zip(identities, stored, strict=True)],
        [document for identity, document in joined.items() if identity not in origin],
        list(_distinct([event for one in found for event in one.events], namespace)),
        [metric for one in found for metric in one.metrics],
        named.placed,
        frozenset(kind for kind, _, _ in joined.keys() - origin.keys()) - {kind for kind, _, _ in origin},
    )


def _told(found: Iterable[Transcript], stored: Sequence[Document]) -> list[Document]:
    """Return what the outputs tell of objects, the fullest first.

    A listing that calls a pod ready which is not, or the other way round, was printed at another time than the rest:
    of it only names and owners count.
    """
    found = list(found)
    sure = [*stored, *(document for one in found if one.what == DESCRIBED for document in one.objects)]
    ready = {document["metadata"]["name"]: told for document in sure if (told := _ready(document))}
    documents = list[Document]()
    for one in found:
        odd = one.what != DESCRIBED and any(
            _ready(document) not in ("", ready.get(document["metadata"]["name"], _ready(document)))
            for document in one.objects
        )
        documents += [_bare(document) if odd else document for document in one.objects]
    return sorted(documents, key=lambda document: (-_size(document), str(document)))


def _ready(document: Document) -> str:
    status = document.get("status")
    conditions = status.get("conditions") if isinstance(status, dict) and document.get("kind") == "Pod" else None
    told = (held for held in conditions or () if isinstance(held, dict) and held.get("type") == "Ready")
    return str(next(told, {}).get("status", ""))


def _bare(document: Document) -> Document:
    metadata = {name: value for name, value in document["metadata"].items() if name != "creationTimestamp"}
    return {"apiVersion": document["apiVersion"], "kind": document["kind"], "metadata": metadata}


def _size(document: Document) -> int:
    return len(str(document))


def _identity(document: Document, namespace: str) -> Identity:
    metadata = document["metadata"]
    scope = "" if document["kind"] in _CLUSTER_WIDE else metadata.get("namespace") or namespace
    return document["kind"], scope, metadata["name"]


def _completed(held: Document, told: Document) -> Document:
    """Return a stored object with what it lacks altogether."""
    added = {part: told[part] for part in ("spec", "status") if told.get(part) and not held.get(part)}
    owners = told["metadata"].get("ownerReferences")
    if owners and not held["metadata"].get("ownerReferences"):
        added["metadata"] = {**held["metadata"], "ownerReferences": owners}
    return {**held, **added} if added else held


def _merged(fuller: Document, other: Document) -> Document:
    """Return both mappings as one; where both speak, the fuller is believed."""
    joined = {**other, **fuller}
    for name in fuller.keys() & other.keys():
        if isinstance(fuller[name], dict) and isinstance(other[name], dict):
            joined[name] = _merged(fuller[name], other[name])
    return joined


def _distinct(events: Iterable[Document], namespace: str) -> Iterator[Document]:
    """Yield each event once, in a namespace: descriptions and listings tell the same ones."""
    seen = set()
    for event in events:
        about = event["involvedObject"]
        scope = "" if about["kind"] in _CLUSTER_WIDE else about.get("namespace") or namespace
        said = (about["kind"], scope, about["name"], event.get("reason"), event.get("message"))
        if said not in seen:
            seen.add(said)
            yield {
                **event,
                "metadata": {"namespace": scope or "default"},
                "involvedObject": {**about, "namespace": scope},
            }


class _Logs:
    """Finds the pod and the container of each log, and makes those that only their logs tell of."""

    def __init__(self, joined: dict[Identity, Document], namespace: str) -> None:
        self._joined = joined
        self._namespace = namespace
        self.placed: dict[str, dict[str, str]] = {}

    def add(self, key: str, runs: Mapping[str, str]) -> None:
        """Take a log under "namespace/pod/container", where each of the three may be unknown or a workload's name."""
        place = key.split("/")
        if len(place) != 3:
            self.placed[key] = dict(runs)
            return
        scope = place[0] or self._namespace
        name = self._pod(scope, place[1])
        container = self._container(scope, name, place[2])
        self.placed.setdefault(f"{scope}/{name}/{container}", {}).update(runs)

    def _pod(self, scope: str, name: str) -> str:
        """Return the pod of a name; `kubectl logs` takes a workload's too, of which one pod may be known."""
        if ("Pod", scope, name) in self._joined:
            return name
        held = [pod for kind, at, pod in self._joined if (kind, at) == ("Pod", scope) and pod.startswith(f"{name}-")]
        return held[0] if len(held) == 1 else name

    def _container(self, scope: str, name: str, told: str) -> str:
        at = ("Pod", scope, name)
        held = self._joined.get(at) or made("Pod", name, scope)
        names = list(_containers(held))
        if set(names) <= {UNNAMED}:
            self._joined[at] = _with_container(held, told)
            return told
        if told != UNNAMED:
            return told
        annotations = held["metadata"].get("annotations")
        chosen = annotations.get(_DEFAULT) if isinstance(annotations, dict) else None
        return chosen if chosen in names else names[0]


def _with_container(pod: Document, name: str) -> Document:
    """Return a pod with the container that its log proves; of one that nobody named there is no more to say."""
    named = {} if name == UNNAMED else {"name": name}
    status = pod.get("status") or {}
    states = [{**held, **named} for held in status.get("containerStatuses") or () if isinstance(held, dict)]
    told = {"status": {**status, "containerStatuses": states}} if states else {}
    return {**pod, "spec": {**(pod.get("spec") or {}), "containers": [named]}, **told}


def _containers(pod: Document) -> Iterator[str]:
    """Yield the containers of a pod as far as they are known, the specified ones first."""
    for part, name in (("spec", "containers"), ("status", "containerStatuses")):
        section = pod.get(part)
        listed = section.get(name) if isinstance(section, dict) else None
        yield from (str(held.get("name") or UNNAMED) for held in listed or () if isinstance(held, dict))


def _adopt(joined: dict[Identity, Document], asked: Mapping[str, Any]) -> None:
    kind, name = asked.get("kind"), asked.get("name")
    if kind not in ("Job", "DaemonSet", "ReplicaSet") or not name:
        return
    for at, document in joined.items():
        of_kind = at[0] == "Pod" and at[2].startswith(f"{name}-") and _GENERATED.fullmatch(at[2][len(name) :])
        if of_kind and not document["metadata"].get("ownerReferences"):
            metadata = {**document["metadata"], "ownerReferences": owner(f"{kind}/{name}")}
            joined[at] = {**document, "metadata": metadata}
