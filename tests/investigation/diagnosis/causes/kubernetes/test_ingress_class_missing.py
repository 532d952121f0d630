"""An Ingress that no controller looks after."""

from tests.investigation.worlds import Document, look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.ingress_class_missing import ingress_class_missing

NGINX = meta("IngressClass", "nginx") | {"spec": {"controller": "k8s.io/ingress-nginx"}}
BACKEND = {"service": {"name": "cart", "port": {"number": 80}}}


def ingress(**spec: object) -> Document:
    rules = [{"host": "shop.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": BACKEND}]}}]
    return meta("Ingress", "shop") | {"spec": {"rules": rules, **spec}}


FIRES = scene(ingress(ingressClassName="ngnix"), NGINX, service(), pod())

QUIET = scene(ingress(ingressClassName="nginx"), NGINX, service(), pod())


def test_names_the_class_that_there_is() -> None:
    [found] = look(ingress_class_missing, FIRES)
    assert found.summary == "ingress shop names the class ngnix, which does not exist; there is nginx"
    assert '"path": "/spec/ingressClassName", "value": "nginx"' in found.remedies[0].argv[-1]


def test_without_a_class_the_default_one_counts() -> None:
    default = NGINX | {
        "metadata": {"name": "nginx", "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"}}
    }
    assert look(ingress_class_missing, scene(ingress(), NGINX))
    assert look(ingress_class_missing, scene(ingress(), default)) == []
