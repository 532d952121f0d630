"""A version that the cluster does not serve any more."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"no matches for kind \"(?:Ingress|CronJob|PodDisruptionBudget|PodSecurityPolicy"
    r"|HorizontalPodAutoscaler|CustomResourceDefinition|Deployment|DaemonSet|RuntimeClass"
    r"|PriorityClass|EndpointSlice|FlowSchema)\" in version \"[\w./]*v\d(?:alpha|beta)\d"
    r"|exec plugin: invalid apiVersion|current release manifest contains removed kubernetes api",
)


@cause("version_constraint", needs=("deployment",))
def removed_api_version(world: World) -> Iterator[Finding]:
    """The configuration uses a version of a Kubernetes interface that this cluster does not serve any more.

    Versions with alpha or beta in their names are removed after some releases; after an upgrade of the cluster a chart or
    a manifest, or the way in which a login is run, still asks for the old one.

    When it is wrong: the cluster is older than people think, and does not have the version yet.
    """
    if told := failing(world, _SAID):
        version = told.read(r'(?:version|apiVersion) "([\w./]+)"')
        steps = [
            terraform.look("kubectl", "api-versions", purpose="see which versions the cluster serves"),
            terraform.plan(
                told.tool,
                f"use a version that is served in place of {version or 'the removed one'}: a newer chart, "
                f"manifest or login tool",
            ),
        ]
        yield told.finding(
            f"{told.who}: the version {version or 'of the interface'} is not served by this cluster", steps
        )
