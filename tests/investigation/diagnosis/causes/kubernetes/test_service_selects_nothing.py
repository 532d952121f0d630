"""A Service whose selector fits no pod."""

from tests.investigation.worlds import deployment, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.service_selects_nothing import service_selects_nothing

FIRES = scene(service(selector={"app": "card"}), deployment(), pod())

QUIET = scene(service(), deployment(), pod())


def test_shows_both_sets_of_labels() -> None:
    [found, *_] = look(service_selects_nothing, FIRES)
    assert found.summary == "service cart selects app=card, but the pods of cart carry app=cart"


def test_patches_the_selector_and_can_put_it_back() -> None:
    [found] = look(service_selects_nothing, FIRES)
    [command] = found.remedies
    assert '"value": {"app": "cart"}' in command.argv[-1]
    assert command.undo
    assert '"value": {"app": "card"}' in command.undo.argv[-1]


def test_is_quiet_while_all_pods_are_gone() -> None:
    assert look(service_selects_nothing, scene(service(), deployment())) == []
