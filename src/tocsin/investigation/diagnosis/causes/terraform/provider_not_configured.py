"""A provider was told too little, and guesses."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.reading.terraform.telling import Failing, failing, signs
from tocsin.investigation.diagnosis.remedies import terraform
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.world import World

_SAID = signs(
    code=r"no configuration has been provided|KUBERNETES_MASTER|https?://(?:localhost|127\.0\.0\.1"
    r"|\[::1\])(?::80)?/(?:api|apis|version)\b|dial tcp (?:\[::1\]|127\.0\.0\.1):80: "
    r"|Invalid configuration for API client|cannot load Rest Client"
    r"|Invalid provider configuration|requires explicit configuration|Insufficient features blocks"
    r"|subscription_id\W{0,2} is a required|subscription ID could not be determined|refers to an invalid path"
    r"|\bprovider configuration: |invalid AWS Region|Missing region(?! value)",
    prose=r"(?:project|region|zone|subscription[_ ]id|tenant[_ ]id|host|url|endpoint|organization"
    r"|account[_ ]id)\"?:? (?:(?:field )?is (?:a )?(?:required|not (?:set|configured))|must be (?:set"
    r"|specified|provided|configured))|required field is not set"
    r"|(?:error|unable to|failed to|cannot) (?:configur|initiali[sz]|creat)\w* (?:the |\w+ )?(?:provider|client)",
)


_UNKNOWN = (
    "where the block is there, its values are not known yet: a data source that waits for the cluster, or a cluster that "
    "is gone. Take host and certificate from the cluster's own attributes; objects of a cluster that is gone leave the "
    "state by `state rm`"
)


@cause("configuration_error", needs=("deployment",))
def provider_not_configured(world: World) -> Iterator[Finding]:
    """A provider has no, or not enough, configuration, and falls back to a default that leads nowhere.

    The Kubernetes and Helm providers go to localhost when nobody tells them a cluster; they do not read KUBECONFIG by
    themselves. A provider block inside of a condition, a block that belongs to another alias, or one that takes its
    values from a cluster that is not made yet comes to the same.

    When it is wrong: a server really is to listen on this machine, and is not up.
    """
    if told := failing(world, _SAID):
        steps = list(_looks(told))
        steps.append(
            terraform.look(
                told.tool,
                "providers",
                purpose="see which modules use the provider, and which configuration reaches them",
            )
        )
        steps.append(terraform.plan(told.tool, _change(told)))
        lost = (
            "falls back to localhost"
            if re.search(r"localhost|127\.0|::1", told.found.group())
            else "lacks what it needs"
        )
        hint = [_UNKNOWN] if lost.endswith("localhost") else []
        yield told.finding(f"{told.who}: its provider is not configured and {lost}", steps, hint)


def _change(told: Failing) -> str:
    if told.cloud == "helm":
        return (
            'write provider "helm" { kubernetes { config_path = "~/.kube/config" } }, or host, token and '
            "cluster_ca_certificate of the cluster"
        )
    if told.cloud in ("kubernetes", "kubectl"):
        return (
            'write provider "kubernetes" { config_path = "~/.kube/config" }, or host, token and '
            "cluster_ca_certificate of the cluster"
        )
    if told.cloud == "azurerm":
        return 'write provider "azurerm" { features {} } with its subscription_id'
    return f'complete the block provider "{told.cloud or "…"}" in the root module'


def _looks(told: Failing) -> Iterator[Command]:
    if told.cloud in ("kubernetes", "helm", "kubectl"):
        yield terraform.look(
            "kubectl",
            "config",
            "current-context",
            purpose="see whether there is a kubeconfig where the run runs; then "
            "KUBE_CONFIG_PATH=~/.kube/config is enough",
        )
