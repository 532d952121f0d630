"""A webhook that converts custom resources and does not answer."""

from tests.investigation.worlds import container, deployment, logs, look, meta, pod, scene, within
from tocsin.investigation.diagnosis.causes.kubernetes.conversion_webhook_failing import conversion_webhook_failing

OPERATOR = pod("operator", container(ready=False))
KIND = within("", meta("CustomResourceDefinition", "databases.example.com")) | {
    "spec": {"group": "example.com", "names": {"kind": "Database"}, "conversion": {"strategy": "Webhook"}}
}
AWAY = (
    "failed to list *v1.Database: conversion webhook for example.com/v1beta1, Kind=Database failed:"
    ' Post "https://operator.shop.svc:443/convert": no endpoints available for service "operator"'
)
FIRES = scene(OPERATOR, deployment("operator", ready=0), KIND, logs=logs(OPERATOR, AWAY, run="current"))

OTHER = "failed to list *v1.Database: databases.example.com is forbidden"
QUIET = scene(OPERATOR, deployment("operator", ready=0), KIND, logs=logs(OPERATOR, OTHER, run="current"))


def test_names_the_kind_and_why() -> None:
    [found] = look(conversion_webhook_failing, FIRES)
    assert str(found.subject) == "CustomResourceDefinition/databases.example.com"
    assert found.summary.endswith('no endpoints available for service "operator"')
