from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tocsin.cli.agent import agent as agent_command
from tocsin.investigation.collectors.kubernetes.kinds import KINDS

MANIFESTS = Path(__file__).parents[3] / "deploy" / "kubernetes"
Right = tuple[str, str]


def rules(pattern: str = "*.yaml") -> Iterator[dict[str, Any]]:
    for file in MANIFESTS.glob(pattern):
        for document in yaml.safe_load_all(file.read_text()):
            yield from document.get("rules", ())


def granted(verb: str) -> set[Right]:
    """What the role for every investigation grants."""
    return {
        (group, resource)
        for rule in rules("clusterrole.yaml")
        if verb in rule["verbs"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


def listed() -> set[Right]:
    return {(kind.group, kind.plural) for kind in KINDS}


def test_every_rule_only_reads() -> None:
    assert {verb for rule in rules() for verb in rule["verbs"]} <= {"get", "list", "watch"}


def test_the_role_reaches_no_secrets() -> None:
    resources = {resource.partition("/")[0] for verb in ("get", "list", "watch") for _, resource in granted(verb)}
    assert resources.isdisjoint({"secrets", "*"})


def test_what_is_opted_into_lists_secrets_and_nothing_more() -> None:
    assert list(rules("secrets-metadata.yaml")) == [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}]


def test_what_is_opted_into_is_bound_in_one_namespace_at_a_time() -> None:
    documents = yaml.safe_load_all((MANIFESTS / "secrets-metadata.yaml").read_text())
    assert [found["kind"] for found in documents] == ["ClusterRole", "RoleBinding"]


@pytest.fixture
def agent() -> dict[str, dict[str, Any]]:
    """The agent's manifest by kind."""
    return {found["kind"]: found for found in yaml.safe_load_all((MANIFESTS / "agent.yaml").read_text())}


def test_the_agent_has_the_readers_role_and_no_rule_of_its_own(agent: dict[str, dict[str, Any]]) -> None:
    assert agent["ClusterRoleBinding"]["roleRef"]["name"] == "tocsin-reader"
    (subject,) = agent["ClusterRoleBinding"]["subjects"]
    assert subject["name"] == agent["ServiceAccount"]["metadata"]["name"] == pod_of(agent)["serviceAccountName"]
    assert not agent.keys() & {"Role", "ClusterRole"}


def pod_of(agent: dict[str, dict[str, Any]]) -> dict[str, Any]:
    spec: dict[str, Any] = agent["Deployment"]["spec"]["template"]["spec"]
    return spec


def test_the_agents_pod_passes_the_restricted_standard(agent: dict[str, dict[str, Any]]) -> None:
    pod = pod_of(agent)
    (container,) = pod["containers"]
    assert (
        pod["securityContext"].items() >= {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}.items()
    )
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_agents_command_is_one_and_finds_its_token(agent: dict[str, dict[str, Any]]) -> None:
    (container,) = pod_of(agent)["containers"]
    context = agent_command.make_context("agent", container["command"][2:])
    (mount,) = container["volumeMounts"]
    assert container["command"][:2] == ["tocsin", "agent"]
    assert context.params["token_file"] == Path(mount["mountPath"]) / "token"


def test_nobody_may_call_the_agent(agent: dict[str, dict[str, Any]]) -> None:
    policy = agent["NetworkPolicy"]["spec"]
    assert policy["policyTypes"] == ["Ingress"]
    assert "ingress" not in policy
    assert policy["podSelector"] == agent["Deployment"]["spec"]["selector"]


def test_no_rule_reaches_a_subresource_that_acts() -> None:
    assert {resource for _, resource in granted("get") if "/" in resource} == {"pods/log"}


def test_the_role_lets_list_exactly_what_the_collector_lists() -> None:
    assert granted("list") == listed()
    assert granted("get") == granted("list") | {("", "pods/log")}
