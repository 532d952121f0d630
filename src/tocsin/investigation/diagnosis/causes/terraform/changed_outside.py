"""The world is not as the last run left it."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, Citation
from tocsin.investigation.diagnosis.reading.terraform.deployment import Deployment
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World


@cause("state_drift", needs=("deployment",))
def changed_outside(world: World) -> Iterator[Finding]:
    """Managed objects were changed or deleted outside of the tool since the last apply.

    Somebody mended something by hand, or another tool manages the same object. The next apply puts back what the
    configuration says. What was done for a good reason belongs into the configuration first.

    When it is wrong: the service itself sets the values, and the configuration should ignore them.
    """
    deployment = world.deployment
    if deployment is None or not deployment.drifted:
        return
    cites = [_cite(deployment, address) for address in deployment.drifted]
    steps = [
        terraform.plan(deployment.tool, "see what was changed, and by how much", "-refresh-only"),
        terraform.again(
            deployment.tool,
            "accept what was changed into the state; write it into the configuration too",
            "-refresh-only",
        ),
        terraform.again(deployment.tool, "or put back what the configuration says"),
    ]
    more = len(cites) - 1
    first = deployment.drifted[0]
    subject = Subject("Resource", "", first)
    others = [Subject("Resource", "", address) for address in deployment.drifted[1:]]
    yield Finding(
        subject,
        f"{first}{f' and {more} more' if more else ''} changed outside since the last apply",
        cites,
        steps,
        felt_by=others,
    )


def _cite(deployment: Deployment, address: str) -> Citation:
    """Cite where the drift stands: in the plan, else in the log."""
    about = Subject("Resource", "", address)
    entries = (deployment.section.plan or {}).get("resource_drift") or []
    for at, entry in enumerate(entries):
        if entry.get("address") == address:
            return Citation(f"deployment#/plan/resource_drift/{at}/address", address, CONCLUSIVE, about)
    number = next((at for at, line in enumerate(deployment.lines, 1) if address in line), 1)
    return Citation(f"deployment/log#L{number}", deployment.lines[number - 1].strip()[:200], CONCLUSIVE, about)
