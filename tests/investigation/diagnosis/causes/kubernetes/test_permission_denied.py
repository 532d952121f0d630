"""A service account that may not do what its application asks of the API."""

import pytest

from tests.investigation.worlds import Document, container, deployment, logs, look, meta, pod, scene, within
from tocsin.investigation.diagnosis.causes.kubernetes.permission_denied import permission_denied
from tocsin.investigation.diagnosis.reading.access.permissions import denial

SAID = (
    'pods is forbidden: User "system:serviceaccount:shop:cart" cannot list resource "pods" in API group ""'
    ' in the namespace "shop"'
)
CART = pod("cart", container(ready=False))
ACCOUNT = {"kind": "ServiceAccount", "name": "cart", "namespace": "shop"}


def role(*verbs: str) -> Document:
    return meta("Role", "cart") | {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": list(verbs)}]}


def bound(**subject: str) -> Document:
    given = {"roleRef": {"kind": "Role", "name": "cart"}, "subjects": [ACCOUNT | subject]}
    return meta("RoleBinding", "cart") | given


def shop(*objects: Document, said: str = SAID) -> bytes:
    return scene(
        CART, deployment(ready=0), meta("ServiceAccount", "cart"), *objects, logs=logs(CART, said, run="current")
    )


FIRES = shop(role("get"), bound())

QUIET = shop(role("get"), bound(), said="pods is forbidden: quota is used up")


def why(document: bytes) -> str:
    [found] = [found for found in look(permission_denied, document) if not found.against]
    return found.summary.partition(" as cart: ")[2]


@pytest.mark.parametrize(
    ("objects", "told"),
    [
        ([role("get"), bound()], "Role cart does not allow it"),
        ([role("list")], "no binding names it"),
        ([role("list"), bound(namespace="ops")], "RoleBinding cart names the account of another namespace"),
        ([within("ops", role("list")), bound()], "RoleBinding cart gives Role cart, which does not exist"),
        ([], "its roles were not read"),
    ],
)
def test_says_what_is_missing(objects: list[Document], told: str) -> None:
    assert why(shop(*objects)) == told


def test_adds_the_rule_to_the_role() -> None:
    [found] = [found for found in look(permission_denied, FIRES) if not found.against]
    rule = '{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}'
    assert found.remedies[0].argv[-1] == f'[{{"op": "add", "path": "/rules/1", "value": {rule}}}]'


def test_reads_a_refusal_that_is_quoted_in_json() -> None:
    refused = denial(SAID.replace('"', '\\"'))
    assert refused
    assert str(refused) == "list pods in shop"
