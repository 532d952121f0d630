"""An init container that does not end."""

from tests.investigation.worlds import Document, container, initial, logs, look, meta, pod, scene, service, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.init_container_stuck import init_container_stuck

SCRIPT = ["sh", "-c", "until nc -z db 5432; do echo waiting for db; sleep 2; done"]


def made(started: str) -> Document:
    waits = container("wait", ready=False, state={"running": {"startedAt": started}}, command=SCRIPT)
    return initial(pod("cart", waiting("PodInitializing"), phase="Pending"), waits)


STUCK = made("2026-03-01T11:20:00Z")
FIRES = scene(STUCK, service("cart"), logs=logs(STUCK, "waiting for db", name="wait", run="current"))

QUIET = scene(made("2026-03-01T11:58:00Z"), service("cart"))


def test_names_the_service_that_is_not_there() -> None:
    [found] = look(init_container_stuck, FIRES)
    assert found.summary == (
        "init container wait of cart-7f9c4d-x2x1q has run for 40 min and does not end: "
        "it waits for db, and there is no such service in shop"
    )


def test_names_a_service_without_pods() -> None:
    [found] = look(init_container_stuck, scene(STUCK, service("db"), pod("cache")))
    assert found.summary.endswith("it waits for db, and that service has no pod that is ready")


def test_a_sidecar_is_to_run_on() -> None:
    STUCK["spec"]["initContainers"][0]["restartPolicy"] = "Always"
    assert look(init_container_stuck, scene(STUCK, meta("ConfigMap", "conf"))) == []
    del STUCK["spec"]["initContainers"][0]["restartPolicy"]
