"""Which change can bring about which trouble."""

import pytest

from tocsin.investigation.diagnosis.reading.changes.mechanisms import ABLE, HARDLY, PERHAPS, mechanism


@pytest.mark.parametrize(
    ("category", "field", "able"),
    [
        ("memory", "spec.template.spec.containers.app.resources.limits.memory", ABLE),
        ("memory", "spec.selector.app", HARDLY),
        ("service", "spec.ports.0.targetPort", ABLE),
        ("scheduling", "nodeSelector.disk", ABLE),
        ("crash", "containers.app.image", ABLE),
        ("dependency", "data.DB_HOST", ABLE),
        ("network", "spec.podSelector.matchLabels.app", ABLE),
        ("storage", "something.unheard.of", HARDLY),
    ],
)
def test_a_field_has_its_effects(category: str, field: str, able: float) -> None:
    assert mechanism(category, [field]) == able


def test_what_nobody_knows_is_a_perhaps() -> None:
    assert mechanism("memory", []) == PERHAPS
    assert mechanism("", ["image"]) == PERHAPS
