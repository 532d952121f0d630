"""Two Ingresses that claim the same path of the same host."""

from tests.investigation.worlds import Document, look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.ingress_paths_clash import ingress_paths_clash


def ingress(
    name: str, to: str, *, path: str = "/", created: str = "2026-03-01T11:00:00Z", **annotations: str
) -> Document:
    backend = {"service": {"name": to, "port": {"number": 80}}}
    rules = [{"host": "shop.example", "http": {"paths": [{"path": path, "pathType": "Prefix", "backend": backend}]}}]
    made = meta("Ingress", name, created=created) | {"spec": {"rules": rules}}
    made["metadata"]["annotations"] = annotations
    return made


OLD, SERVED = ingress("shop", "cart", created="2026-01-01T00:00:00Z"), (service(), service("web"), pod())
FIRES = scene(OLD, ingress("new", "web"), *SERVED)

QUIET = scene(OLD, ingress("new", "web", path="/web"), *SERVED)


def test_names_both_and_when_the_later_was_made() -> None:
    [found] = look(ingress_paths_clash, FIRES)
    assert found.summary == (
        "ingress new, made 60 min before sends shop.example/ to shop/web, but ingress shop sends it to shop/cart"
    )


def test_a_canary_shares_on_purpose() -> None:
    canary = ingress("new", "web", **{"nginx.ingress.kubernetes.io/canary": "true"})
    assert look(ingress_paths_clash, scene(OLD, canary, *SERVED)) == []
