"""A service account that pods shall run as, and that is not there."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import uncreated
from tocsin.investigation.diagnosis.world import World

_ABSENT = re.compile(r'serviceaccount "(?P<name>[^"]+)" not found')


@cause("identity", modes=("admit.sa_missing",), needs=("ServiceAccount",))
def service_account_missing(world: World) -> Iterator[Finding]:
    """The service account that the pods shall run as does not exist, so none is made.

    Pods need their service account before they can be made. It was not deployed, deleted, or its name is mistyped.

    When it is wrong: the account was made a moment ago; controllers try again by themselves.
    """
    for saying in uncreated(world):
        found = _ABSENT.search(saying.text)
        if found and world.inventory.get(Subject("ServiceAccount", saying.about.namespace, found["name"])) is None:
            held = world.workload(saying.about)
            asks = [held.cite("spec/template/spec/serviceAccountName", MODERATE)] if held else []
            yield Finding(
                saying.controller,
                f"no pod of {saying.controller.name} can be made: service account {found['name']} does not exist",
                cites=[saying.weighing(CONCLUSIVE), *asks],
                remedies=[
                    look(
                        "get", "serviceaccounts", of=saying.about, purpose="see which there are: perhaps a similar name"
                    ),
                    *rollback(saying.controller),
                ],
            )
