"""A service account token that the API server no longer accepts."""

from tests.investigation.worlds import NOW, container, deployment, logs, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.token_rejected import token_rejected

CART = pod("cart", container(ready=False), serviceAccountName="cart")
SAID = "failed to watch: the server has asked for the client to provide credentials"
FIRES = scene(CART, deployment(ready=0), meta("ServiceAccount", "cart"), logs=logs(CART, SAID, run="current"))

OTHER = logs(CART, "login failed: unknown user", run="current")
QUIET = scene(CART, deployment(ready=0), meta("ServiceAccount", "cart"), logs=OTHER)


def test_an_account_younger_than_the_pod_was_made_anew() -> None:
    anew = meta("ServiceAccount", "cart", created=NOW)
    [found] = look(token_rejected, scene(CART, deployment(ready=0), anew, logs=logs(CART, SAID, run="current")))
    assert "account cart was made after the pod" in found.summary


def test_starts_the_pods_anew() -> None:
    [found] = look(token_rejected, FIRES)
    assert found.remedies[0].argv[3:] == ("rollout", "restart", "deployment/cart")
