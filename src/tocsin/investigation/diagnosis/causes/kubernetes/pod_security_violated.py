"""A pod that the namespace's Pod Security level forbids."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import uncreated
from tocsin.investigation.diagnosis.world import World

_VIOLATED = re.compile(r'violates PodSecurity "(?P<level>[^"]+)": (?P<rules>.+)', re.S)
_ENFORCED = "metadata/labels/pod-security.kubernetes.io~1enforce"


@cause("admission", modes=("admit.psa",))
def pod_security_violated(world: World) -> Iterator[Finding]:
    """The namespace enforces a Pod Security level, and the pod's security settings do not meet it.

    A label of the namespace says how strict the API server is (baseline, restricted). Running pods stay when it is
    raised, so it shows only when pods are made anew.

    When it is wrong: hardly ever; the API server names the level and the settings that are missing.
    """
    for saying in uncreated(world):
        if found := _VIOLATED.search(saying.text):
            scope = Subject("Namespace", "", saying.about.namespace)
            space = world.inventory.get(scope)
            enforced = [space.cite(_ENFORCED, MODERATE)] if space and space.get(_ENFORCED) else []
            yield Finding(
                saying.controller,
                f"no pod of {saying.controller.name} is allowed: level {found['level']} of {scope.name} forbids"
                f" {opening(found['rules'])}",
                cites=[saying.weighing(CONCLUSIVE), *enforced],
                remedies=[
                    look(
                        "get",
                        "namespace",
                        scope.name,
                        "--show-managed-fields",
                        "-o",
                        "yaml",
                        of=scope,
                        purpose="see which level is enforced, and who set it when",
                    ),
                    *rollback(saying.controller),
                ],
            )
