"""A sidecar that keeps a pod from being done, or from beginning."""

from tests.investigation.worlds import BEFORE, Document, container, initial, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.sidecar_blocks import sidecar_blocks


def working(finished: str) -> Document:
    done = {"terminated": {"reason": "Completed", "exitCode": 0, "finishedAt": finished}}
    made = pod("report", container("work", ready=False, state=done), container("proxy"))
    made["metadata"]["ownerReferences"] = [{"kind": "Job", "name": "report", "controller": True}]
    return made


FIRES = scene(working("2026-03-01T11:00:00Z"))

QUIET = scene(working(BEFORE))


def test_names_what_runs_on() -> None:
    [found] = look(sidecar_blocks, FIRES)
    assert found.summary.startswith("work in report-7f9c4d-x2x1q was done 60 min ago, but proxy runs on")
    assert str(found.subject) == "Job/shop/report"


def test_hears_of_a_native_sidecar_that_is_not_started() -> None:
    spec, status = container("proxy", restartPolicy="Always", startupProbe={"httpGet": {"port": 15021}})
    made = initial(pod("cart", waiting("PodInitializing"), phase="Pending"), (spec, status | {"started": False}))
    [found] = look(sidecar_blocks, scene(made))
    assert "the sidecar proxy of cart-7f9c4d-x2x1q does not get started" in found.summary
