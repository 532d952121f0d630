"""Two controllers whose selectors pick the same pods."""

from typing import Any

from tests.investigation.worlds import deployment, event, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.selector_overlap import selector_overlap


def copied(app: str) -> dict[str, Any]:
    made = deployment("cart-copy")
    made["spec"]["selector"]["matchLabels"] = {"app": app}
    made["spec"]["template"]["metadata"]["labels"] = {"app": app}
    return made


TOLD = event(deployment(), "ConflictingController", "selector matches pods of another controller")
FIRES = scene(deployment(), copied("cart"), pod(), TOLD)

QUIET = scene(deployment(), copied("copy"), pod(), TOLD)


def test_names_both_and_what_they_select() -> None:
    [found] = look(selector_overlap, FIRES)
    told = "Deployment cart and Deployment cart-copy both select app=cart: they take each other's pods"
    assert found.summary == told


def test_two_that_get_on_are_no_trouble() -> None:
    assert look(selector_overlap, scene(deployment(), copied("cart"), pod())) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("selector-overlap", "high")
