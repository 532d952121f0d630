from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

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


def test_no_rule_reaches_a_subresource_that_acts() -> None:
    assert {resource for _, resource in granted("get") if "/" in resource} == {"pods/log"}


def test_the_role_lets_list_exactly_what_the_collector_lists() -> None:
    assert granted("list") == listed()
    assert granted("get") == granted("list") | {("", "pods/log")}
