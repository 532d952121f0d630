"""The demonstration's deployments: what was recorded tells what the scenes say."""

from __future__ import annotations

import pytest

from tests.factories import NOW
from tocsin.alerts.runs import Trigger
from tocsin.cli.demo.deployments.play import recorded
from tocsin.cli.demo.deployments.scenes import SCENES, Act, Scene
from tocsin.deployments.document import unpack
from tocsin.deployments.receiving import understand

ACTS = [(scene, act) for scene in SCENES for act in scene.acts]
TRIGGERS = {
    "database": Trigger.APPLY_FAILURE,
    "storage": Trigger.SECURITY_POLICY,
    "network": Trigger.APPLY_FAILURE,
    "network-mended": None,
    "queue": Trigger.APPLY_FAILURE,
}


@pytest.mark.parametrize(("scene", "act"), ACTS, ids=[act.name for _, act in ACTS])
def test_each_recorded_run_calls_as_it_would_have_called(scene: Scene, act: Act) -> None:
    found = understand(unpack(recorded(scene, act, NOW)), [], b"k" * 32)
    assert (found.run.trigger, found.run.configuration) == (TRIGGERS[act.name], scene.name)


def test_a_recorded_lock_tells_who_holds_it() -> None:
    (queue,) = [(scene, act) for scene, act in ACTS if act.locked]
    assert "alice@build-7" in unpack(recorded(*queue, NOW)).deployment.log
