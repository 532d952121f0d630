"""Rules added to network policies, and Services made again."""

from tests.investigation.worlds import Document, deployment, meta, pod, service, within, world
from tocsin.investigation.diagnosis.reading.network.calls import Pair
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.network import allow, allow_names, expose
from tocsin.investigation.diagnosis.resources import Resource, Workload


def policy(**spec: object) -> Resource:
    made = meta("NetworkPolicy", "closed") | {"spec": {"podSelector": {}, **spec}}
    return Resource(Subject("NetworkPolicy", "shop", "closed"), "", made)


def pair(caller: Document) -> Pair:
    seen = world(caller, pod("cart"), service())
    [called] = seen.services
    callers = tuple(held for held in seen.pods if held.name.startswith("web"))
    return Pair(Subject("Deployment", "shop", "web"), called, callers, tuple(seen.selected(called)))


def test_a_caller_from_another_namespace_is_named_with_it() -> None:
    command = allow(policy(), "Ingress", pair(within("ops", pod("web"))))
    assert '"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ops"}}' in command.argv[-1]


def test_the_rule_is_taken_back_where_it_was_put() -> None:
    command = allow(policy(ingress=[{}, {}]), "Ingress", pair(pod("web")))
    assert command.undo
    assert command.undo.argv[-1] == '[{"op": "remove", "path": "/spec/ingress/2"}]'


def test_an_empty_list_of_rules_is_replaced() -> None:
    command = allow_names(policy(egress=[]))
    assert command.undo
    assert '"op": "replace", "path": "/spec/egress", "value": []' in command.undo.argv[-1]


def test_no_service_is_made_where_the_port_is_not_known() -> None:
    made = deployment()
    held = Workload(Subject("Deployment", "shop", "cart"), "", made)
    assert expose(held) == ()
