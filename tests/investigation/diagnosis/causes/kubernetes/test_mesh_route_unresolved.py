"""A route of the service mesh to a host, a subset or a port that does not exist."""

import pytest

from tests.investigation.worlds import look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.mesh_route_unresolved import mesh_route_unresolved

RULE = meta("DestinationRule", "cart") | {"spec": {"host": "cart", "subsets": [{"name": "v1", "labels": {"v": "1"}}]}}


def routed(**destination: object) -> bytes:
    spec = {"hosts": ["cart"], "http": [{"route": [{"destination": {"host": "cart", **destination}}]}]}
    return scene(meta("VirtualService", "cart") | {"spec": spec}, RULE, service(), pod())


FIRES = routed(subset="v2")

QUIET = routed(subset="v1")


@pytest.mark.parametrize(
    ("destination", "wrong"),
    [
        ({"host": "carts"}, "carts, which is no service in shop"),
        ({"port": {"number": 8080}}, "cart, which has no port 8080"),
        ({"subset": "v2"}, "cart, whose subset v2 no DestinationRule defines"),
    ],
)
def test_says_what_does_not_exist(destination: dict[str, object], wrong: str) -> None:
    [found] = look(mesh_route_unresolved, routed(**destination))
    assert found.summary == f"VirtualService cart sends cart to {wrong}"
