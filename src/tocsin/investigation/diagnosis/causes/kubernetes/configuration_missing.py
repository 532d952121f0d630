"""A ConfigMap, Secret or key that a container needs and that is not there."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import unstarted
from tocsin.investigation.diagnosis.world import World

_OBJECT = re.compile(r'(?P<kind>configmap|secret)s? "(?P<name>[^"]+)" not found', re.I)
_KEY = re.compile(r"couldn't find key (?P<key>\S+) in (?P<kind>ConfigMap|Secret) [^\s/]+/(?P<name>[^\s\"]+)")
_VOLUME_KEY = re.compile(r"references non-existent (?P<kind>config|secret) key: (?P<key>\S+)")


@cause("configuration", needs=("Pod",))
def configuration_missing(world: World) -> Iterator[Finding]:
    """A container is not started because a ConfigMap, a Secret or one of their keys is missing.

    Whatever a container reads into its environment or mounts must be there before it starts, unless it is marked
    optional. It was not deployed, carries another name, or lives in another namespace.

    When it is wrong: it was made a moment ago; the kubelet tries again within a minute or two.
    """
    for saying in unstarted(world):
        if found := _OBJECT.search(saying.text):
            what = f"{found['kind'].lower()} {found['name']} does not exist in {saying.about.namespace}"
        elif found := _KEY.search(saying.text):
            what = f"{found['kind']} {found['name']} has no key {found['key']}"
        elif found := _VOLUME_KEY.search(saying.text):
            what = f"key {found['key']} that it mounts does not exist"
        else:
            continue
        kind = "secrets" if found["kind"].lower() == "secret" else "configmaps"
        yield Finding(
            saying.controller,
            f"{saying.about.name} cannot start: {what}",
            cites=[saying.weighing(CONCLUSIVE)],
            remedies=[
                look(
                    "get",
                    kind,
                    of=saying.about,
                    purpose="see which there are: perhaps one with a similar name",
                ),
                *rollback(saying.controller),
            ],
        )
