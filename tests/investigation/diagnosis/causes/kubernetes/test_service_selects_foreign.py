"""A Service whose selector also picks the pods of another application."""

from tests.investigation.worlds import Document, container, deployment, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.service_selects_foreign import service_selects_foreign


def app(name: str, port: int, image: str = "") -> list[Document]:
    spec: Document = {"image": image or f"registry.example/{name}:1", "ports": [{"containerPort": port}]}
    made, held = deployment(name, containers=[{"name": "app"} | spec]), pod(name, container(**spec))
    made["spec"]["template"]["metadata"]["labels"]["tier"] = held["metadata"]["labels"]["tier"] = "shop"
    return [made, held]


BROAD = service(selector={"tier": "shop"})
FIRES = scene(BROAD, *app("cart", 8080), *app("worker", 9100))

QUIET = scene(BROAD, *app("cart", 8080), *app("cart-next", 8080))


def test_narrows_the_selector_to_the_pods_that_serve() -> None:
    [found] = look(service_selects_foreign, FIRES)
    assert '"value": {"tier": "shop", "app": "cart"}' in found.remedies[0].argv[-1]


def test_another_version_of_the_same_image_is_meant() -> None:
    canary = app("canary", 9100, image="registry.example/cart:2")
    assert look(service_selects_foreign, scene(BROAD, *app("cart", 8080), *canary)) == []
