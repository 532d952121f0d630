"""An API server that cannot keep up with its requests."""

from tests.investigation.worlds import container, deployment, logs, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.api_server_overloaded import api_server_overloaded

CART, WEB = pod("cart", container(ready=False)), pod("web", container(ready=False))
BOTH = (CART, deployment(ready=0), WEB, deployment("web", ready=0))
AWAY = "failed to list *v1.Pod: the server has received too many requests and has asked us to try again later"
FIRES = scene(*BOTH, logs=logs(CART, AWAY, run="current") | logs(WEB, AWAY, run="current"))

QUIET = scene(*BOTH, logs=logs(CART, AWAY, run="current"))


def test_names_the_clients() -> None:
    *_, found = look(api_server_overloaded, FIRES)
    assert found.summary == "the API server turns away requests of 2 clients: cart, web"
