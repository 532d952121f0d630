"""A ConfigMap, Secret or key that a container needs and that is not there."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.reading.configuration.sources import Read, reads
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look, rollout_done
from tocsin.investigation.diagnosis.remedies.patches import patch
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.resources import Workload
from tocsin.investigation.diagnosis.signals import Saying, unstarted
from tocsin.investigation.diagnosis.world import World

_OBJECT = re.compile(r'(?P<kind>configmap|secret)s? "(?P<name>[^"]+)" not found', re.I)
_KEY = re.compile(r"couldn't find key (?P<key>\S+) in (?P<kind>ConfigMap|Secret) [^\s/]+/(?P<name>[^\s\"]+)")
_VOLUME_KEY = re.compile(r"references non-existent (?P<kind>config|secret) key: (?P<key>\S+)")
_KINDS = {"configmap": "ConfigMap", "secret": "Secret"}
# Its absence has a cause of its own: nobody but the control plane makes it.
_AUTHORITY = "kube-root-ca.crt"
_MODES = ("config.configmap_missing", "config.secret_missing", "config.key_missing", "storage.cm_secret_volume")


@cause("configuration", modes=_MODES, needs=("Pod",))
def configuration_missing(world: World) -> Iterator[Finding]:
    """A container is not started because a ConfigMap, a Secret or one of their keys is missing.

    Whatever a container reads into its environment or mounts must be there before it starts, unless it is marked
    optional. It was not deployed, carries another name, or lives in another namespace.

    When it is wrong: it was made a moment ago; the kubelet tries again within a minute or two.
    """
    for saying in unstarted(world):
        if (found := _OBJECT.search(saying.text)) and found["name"] != _AUTHORITY:
            source = Subject(_KINDS[found["kind"].lower()], saying.about.namespace, found["name"])
            yield _object(world, saying, source)
        elif found := _KEY.search(saying.text):
            source = Subject(found["kind"], saying.about.namespace, found["name"])
            yield _key(world, saying, source, found["key"])
        elif found := _VOLUME_KEY.search(saying.text):
            kind = "secrets" if found["kind"] == "secret" else "configmaps"
            yield _finding(saying, f"key {found['key']} that it mounts does not exist", (), kind)


def _object(world: World, saying: Saying, source: Subject) -> Finding:
    similar, other = world.inventory.similar(source), _elsewhere(world, source)
    near = f"; there is {source.kind} {similar}" if similar else f"; {other}" if other else ""
    what = f"{source.kind.lower()} {source.name} does not exist in {source.namespace}{near}"
    named = [read for read in _read(world, saying) if read.source == source] if similar else []
    change = [_renamed(read, read.field, source.name, similar) for read in named[:1]]
    return _finding(saying, what, change, f"{source.kind.lower()}s")


def _key(world: World, saying: Saying, source: Subject, key: str) -> Finding:
    held = world.inventory.get(source)
    keys = sorted(held.mapping("data")) if held else []
    similar = get_close_matches(key, keys, n=1, cutoff=0.7)
    has = f"; it has {', '.join(keys[:6])}" if keys else ""
    named = [read for read in _read(world, saying) if (read.source, read.key) == (source, key)] if similar else []
    change = [_renamed(read, "key", key, similar[0]) for read in named[:1]]
    return _finding(saying, f"{source.kind} {source.name} has no key {key}{has}", change, f"{source.kind.lower()}s")


def _finding(saying: Saying, what: str, change: Sequence[Command], plural: str) -> Finding:
    seen = look("get", plural, of=saying.about, purpose="see which there are: perhaps one with a similar name")
    return Finding(
        saying.controller,
        f"{saying.about.name} cannot start: {what}",
        cites=[saying.weighing(CONCLUSIVE)],
        remedies=[*change, seen, *rollback(saying.controller)],
    )


def _elsewhere(world: World, source: Subject) -> str:
    """Say where something of that name is: of the other kind, or in another namespace."""
    other = "Secret" if source.kind == "ConfigMap" else "ConfigMap"
    if world.inventory.get(Subject(other, source.namespace, source.name)):
        return f"there is a {other} of that name"
    places = [item.namespace for item in world.inventory.of(source.kind) if item.name == source.name]
    return f"there is one in {places[0]}" if places else ""


def _read(world: World, saying: Saying) -> list[Read]:
    """Return what the template of the failing pod's workload reads."""
    held = world.inventory.get(saying.controller)
    if not isinstance(held, Workload) or held.kind == "Job":
        return []
    volumes = list(held.parts("spec/template/spec/volumes"))
    return [read for container in held.containers for read in reads(container, volumes)]


def _renamed(read: Read, field: str, old: str, new: str) -> Command:
    workload = read.named.subject
    return patch(
        workload,
        f"{read.named.pointer}/{field}",
        old,
        new,
        purpose=f"let {workload.name} read {new} instead of {old}",
        before=f"{new} is what it was meant to read; changing the template starts a rollout",
        verify=rollout_done(workload),
    )
