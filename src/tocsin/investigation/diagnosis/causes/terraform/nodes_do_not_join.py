"""Machines were made, and the cluster does not see them."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    prose=r"NodeCreationFailure|Instances failed to join|Unhealthy nodes in the kubernetes cluster"
    r"|nodes? (?:failed|unable|did not|could not)[\w ]{0,12} (?:to )?(?:join|register)"
)


@cause("configuration_error", needs=("deployment",))
def nodes_do_not_join(world: World) -> Iterator[Finding]:
    """A group of nodes was made, and its machines do not register with the cluster, or not in health.

    They need a way to the cluster's endpoint and to the registries, a role that the cluster knows, security groups that
    let them talk, and a network plug-in that starts. Nothing of that shows here: the machine's own log of its start has it.

    When it is wrong: the machines were never started, for want of quota or capacity; that stands in the same message.
    """
    if told := failing(world, _SAID):
        yield told.finding(
            f"{told.who}: its machines were made and do not join the cluster",
            list(_steps(told)),
            [
                "routes, endpoints or NAT of the nodes' subnets",
                "security groups between nodes and control plane",
                "the nodes' role and the network plug-in",
            ],
        )


def _steps(told: Failing) -> Iterator[Command]:
    cluster, group = told.read(r"Node Group \(([\w-]+):"), told.read(r"Node Group \([\w-]+:([\w.-]+)\)")
    if cluster and group:
        named = ("--cluster-name", cluster, "--nodegroup-name", group, "--query", "nodegroup.health")
        purpose = "read what the service itself says of the group's health"
        yield terraform.look("aws", "eks", "describe-nodegroup", *named, purpose=purpose)
    if machine := told.read(r"\b(i-[0-9a-f]{8,})\b"):
        asked = ("--instance-id", machine, "--latest")
        purpose = "read why the machine's start did not succeed"
        yield terraform.look("aws", "ec2", "get-console-output", *asked, purpose=purpose)
    yield terraform.plan(
        told.tool,
        "once the route to the endpoint, the security groups, the role and the network plug-in of the nodes are right, "
        "try again",
    )
